package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** rsync to its own daemon: nothing is encrypted, nobody is authenticated. */
final class RsyncDaemon implements Contender {
  private final Course course;
  private final int dialledPort;
  private final Service daemon;

  private RsyncDaemon(Course course, int dialledPort, Service daemon) {
    this.course = course;
    this.dialledPort = dialledPort;
    this.daemon = daemon;
  }

  static RsyncDaemon open(Course course) throws IOException, InterruptedException {
    int port = Service.freePort();
    Path work = Files.createDirectories(course.work().resolve("rsync-daemon"));
    Path configuration = work.resolve("rsyncd.conf");
    Files.writeString(
        configuration,
        """
        uid = root
        gid = root
        use chroot = yes
        [target]
        path = %s
        read only = no
        """
            .formatted(course.target()));
    List<String> words =
        List.of(
            "rsync",
            "--daemon",
            "--no-detach",
            "--address=127.0.0.1",
            "--port=" + port,
            "--config=" + configuration,
            "--log-file=" + work.resolve("transfers.log"));
    Service daemon = Service.start("rsync daemon", work.resolve("daemon.log"), words);
    return new RsyncDaemon(course, course.route().to(port), daemon.awaitPort(port));
  }

  @Override
  public Command command() {
    return Rsync.command(
        "--delete", course.sourceTree(), "rsync://127.0.0.1:%d/target/".formatted(dialledPort));
  }

  @Override
  public List<Service> services() {
    return List.of(daemon);
  }

  @Override
  public OptionalLong wireBytes(String output) {
    return Rsync.wireBytes(output);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
