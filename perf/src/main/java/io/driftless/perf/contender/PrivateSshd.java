package io.driftless.perf.contender;

import io.driftless.perf.link.Route;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An sshd of our own on the loopback interface, with keys of its own; OpenSSH chooses the cipher.
 */
final class PrivateSshd implements AutoCloseable {
  /** Where sshd separates privileges, compiled in; made by its service when that has ever run. */
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private final Path work;
  private final int dialledPort;
  private final Service daemon;

  private PrivateSshd(Path work, int dialledPort, Service daemon) {
    this.work = work;
    this.dialledPort = dialledPort;
    this.daemon = daemon;
  }

  /** Starts it; the directory gets its keys, its configuration and its log. */
  static PrivateSshd open(Path work, Route route) throws IOException, InterruptedException {
    int port = Service.freePort();
    int dialledPort = route.to(port);
    Files.createDirectories(PRIVILEGE_SEPARATION);
    makeKey(work.resolve("host_key"));
    makeKey(work.resolve("user_key"));
    Files.writeString(
        work.resolve("known_hosts"),
        "[127.0.0.1]:%d %s".formatted(dialledPort, Files.readString(work.resolve("host_key.pub"))));
    Path configuration = work.resolve("sshd_config");
    Files.writeString(configuration, configuration(work, port));
    Service daemon =
        Service.start(
            "sshd",
            work.resolve("sshd.log"),
            List.of("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString()));
    return new PrivateSshd(work, dialledPort, daemon.awaitPort(port));
  }

  private static void makeKey(Path file) throws IOException, InterruptedException {
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString()).run();
  }

  /** SHLVL keeps bash from running what the user has in .bashrc, which may take long. */
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
    SetEnv SHLVL=1
    """
        .formatted(port, work.resolve("host_key"), work.resolve("user_key.pub"));
  }

  /** What rsync is to reach it with, as the host 127.0.0.1. */
  String remoteShell() {
    return "ssh -F none -p %d -i %s -o UserKnownHostsFile=%s -o IdentitiesOnly=yes -o BatchMode=yes"
        .formatted(dialledPort, work.resolve("user_key"), work.resolve("known_hosts"));
  }

  Service service() {
    return daemon;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
