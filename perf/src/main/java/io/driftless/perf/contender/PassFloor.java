package io.driftless.perf.contender;

import io.driftless.perf.floor.BareSeed;
import io.driftless.perf.floor.BareShift;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** No contender but a floor: what a pass costs with nothing around it. */
record PassFloor(Service service, int port) implements Contender {
  /** Waits for the byte that a pass ends with. */
  private static final String ASK =
      "exec 3<>/dev/tcp/127.0.0.1/$1; [[ $(head -c 1 <&3 | wc -c) == 1 ]]";

  /** Of a seed. */
  static PassFloor ofSeed(Course course) throws IOException, InterruptedException {
    return open(course, BareSeed.class);
  }

  /** Of a large file whose content moves. */
  static PassFloor ofShift(Course course) throws IOException, InterruptedException {
    return open(course, BareShift.class);
  }

  private static PassFloor open(Course course, Class<?> program)
      throws IOException, InterruptedException {
    int port = Service.freePort();
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "@" + course.launcher().sibling("jvm.flags"),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            course.source().toString(),
            course.target().toString(),
            String.valueOf(port));
    return new PassFloor(Service.start("floor", course.work().resolve("floor.log"), words), port);
  }

  @Override
  public Command command() {
    return Command.of("bash", "-c", ASK, "bash", String.valueOf(port));
  }

  @Override
  public List<Service> services() {
    return List.of(service);
  }

  @Override
  public void close() {
    service.close();
  }
}
