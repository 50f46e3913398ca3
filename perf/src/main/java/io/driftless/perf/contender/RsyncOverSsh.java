package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** rsync over ssh, to an sshd of our own with keys of its own; OpenSSH chooses the cipher. */
final class RsyncOverSsh implements Contender {
  /** Where sshd separates privileges, compiled in; made by its service when that has ever run. */
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private final Course course;
  private final List<String> options;
  private final Path work;
  private final int port;
  private final Service sshd;

  private RsyncOverSsh(Course course, List<String> options, Path work, int port, Service sshd) {
    this.course = course;
    this.options = options;
    this.work = work;
    this.port = port;
    this.sshd = sshd;
  }

  /**
   * Starts the daemon.
   *
   * @param options of rsync's besides the usual
   */
  static RsyncOverSsh open(Course course, List<String> options)
      throws IOException, InterruptedException {
    int port = Service.freePort();
    Path work = Files.createDirectories(course.work().resolve("rsync-ssh" + options.size()));
    Files.createDirectories(PRIVILEGE_SEPARATION);
    makeKey(work.resolve("host_key"));
    makeKey(work.resolve("user_key"));
    Files.writeString(
        work.resolve("known_hosts"),
        "[127.0.0.1]:%d %s".formatted(port, Files.readString(work.resolve("host_key.pub"))));
    Path configuration = work.resolve("sshd_config");
    Files.writeString(configuration, configuration(work, port));
    Service sshd =
        Service.start(
            "sshd",
            work.resolve("sshd.log"),
            List.of("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString()));
    return new RsyncOverSsh(course, options, work, port, sshd.awaitPort(port));
  }

  private static void makeKey(Path file) throws IOException, InterruptedException {
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString()).run();
  }

  private static String configuration(Path work, int port) {
    return """
    ListenAddress 127.0.0.1:%d
    HostKey %s
    AuthorizedKeysFile %s
    PidFile none
    StrictModes no
    PermitRootLogin prohibit-password
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    UsePAM no
    UseDNS no
    """
        .formatted(port, work.resolve("host_key"), work.resolve("user_key.pub"));
  }

  @Override
  public Command command() {
    String shell =
        "ssh -F none -p %d -i %s -o UserKnownHostsFile=%s -o IdentitiesOnly=yes -o BatchMode=yes"
            .formatted(port, work.resolve("user_key"), work.resolve("known_hosts"));
    var words = new ArrayList<>(options);
    words.addAll(
        List.of("--delete", "-e", shell, course.sourceTree(), "127.0.0.1:" + course.targetTree()));
    return Rsync.command(words.toArray(String[]::new));
  }

  @Override
  public List<Service> services() {
    return List.of(sshd);
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
