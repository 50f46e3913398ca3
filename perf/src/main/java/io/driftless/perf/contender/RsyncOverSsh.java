package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** rsync over ssh. */
final class RsyncOverSsh implements Contender {
  private final Course course;
  private final List<String> options;
  private final PrivateSshd sshd;

  private RsyncOverSsh(Course course, List<String> options, PrivateSshd sshd) {
    this.course = course;
    this.options = options;
    this.sshd = sshd;
  }

  /**
   * Starts the daemon.
   *
   * @param options of rsync's besides the usual
   */
  static RsyncOverSsh open(Course course, List<String> options)
      throws IOException, InterruptedException {
    String name = "rsync-ssh" + String.join("", options);
    Path work = Files.createDirectories(course.work().resolve(name));
    return new RsyncOverSsh(course, options, PrivateSshd.open(work, course.route()));
  }

  @Override
  public Command command() {
    var words = new ArrayList<>(options);
    words.addAll(words(course, sshd));
    return Rsync.command(words.toArray(String[]::new));
  }

  /** From where, to where and through what. */
  static List<String> words(Course course, PrivateSshd sshd) {
    return List.of(
        "--delete",
        "-e",
        sshd.remoteShell(),
        course.sourceTree(),
        "127.0.0.1:" + course.targetTree());
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
