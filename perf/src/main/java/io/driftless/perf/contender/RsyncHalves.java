package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two rsyncs over ssh at a time, each with half of the directories at the top, as people start them
 * by hand; what else lies at the top is the first one's.
 */
final class RsyncHalves implements Contender {
  private static final String BOTH = "%s & first=$!; %s; second=$?; wait $first && exit $second";

  private final Course course;
  private final PrivateSshd sshd;

  private RsyncHalves(Course course, PrivateSshd sshd) {
    this.course = course;
    this.sshd = sshd;
  }

  static RsyncHalves open(Course course) throws IOException, InterruptedException {
    Path work = Files.createDirectories(course.work().resolve("rsync-two"));
    return new RsyncHalves(course, PrivateSshd.open(work, course.route()));
  }

  /** Tells whether there is anything to divide. */
  static boolean isFor(Path source) throws IOException {
    return directories(source).size() > 1;
  }

  private static List<String> directories(Path source) throws IOException {
    try (Stream<Path> entries = Files.list(source)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public Command command() throws IOException {
    List<String> all = directories(course.source());
    List<String> seconds = all.subList(all.size() / 2, all.size());
    var without = new ArrayList<String>();
    var only = new ArrayList<String>();
    for (String name : seconds) {
      without.add("--exclude=/" + name + "/");
      only.add("--include=/" + name + "/");
    }
    only.add("--exclude=/*");
    return Command.of("sh", "-c", BOTH.formatted(rsync(without), rsync(only)));
  }

  private String rsync(List<String> filters) {
    var words = new ArrayList<>(filters);
    words.addAll(RsyncOverSsh.words(course, sshd));
    return Rsync.command(words.toArray(String[]::new)).words().stream()
        .map(RsyncHalves::quoted)
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public List<Service> services() {
    return List.of(sshd.service());
  }

  @Override
  public OptionalLong wireBytes(String output) {
    return Rsync.wireBytes(output);
  }

  @Override
  public void close() {
    sshd.close();
  }
}
