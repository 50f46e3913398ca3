package io.driftless.trial;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A MariaDB of Debian's packages, reachable by a unix socket of its own only. */
final class MariaDbServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "mysql";
  private static final Path PROGRAM = Path.of("/usr/sbin/mariadbd");

  private final Path home;
  private final Companion server;

  private MariaDbServer(Path home, Companion server) {
    this.home = home;
    this.server = server;
  }

  /** Makes a data directory without users but root, who needs no password. */
  static void init(Path data) throws IOException {
    Needs.that(Files.isExecutable(PROGRAM), PROGRAM.toString());
    Needs.tools("mariadb-install-db", "mariadb");
    Files.createDirectory(data);
    own(data);
    List<String> command =
        Companion.as(
            USER,
            "mariadb-install-db",
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--datadir=" + data);
    new Shell(data).output(command.toArray(String[]::new));
  }

  /** Starts a server; a small pool has it write pages all the time, asynchronously. */
  static MariaDbServer start(Path scratch, Path data) throws IOException {
    Path home = Files.createTempDirectory(scratch, "maria");
    own(home);
    List<String> command =
        Companion.as(
            USER,
            PROGRAM.toString(),
            "--no-defaults",
            "--datadir=" + data,
            "--socket=" + home.resolve("socket"),
            "--pid-file=" + home.resolve("pid"),
            "--skip-networking",
            "--log-bin=" + data.resolve("binlog"),
            "--max-binlog-size=4M",
            "--innodb-buffer-pool-size=8M",
            "--innodb-log-file-size=16M",
            "--loose-innodb-linux-aio=aio");
    var server = new MariaDbServer(home, Companion.start(scratch, command));
    try {
      server.awaitAnswer();
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
    return server;
  }

  private void awaitAnswer() {
    String[] ask = client("SELECT 1").toArray(String[]::new);
    Awaitility.await()
        .atMost(PATIENCE)
        .failFast(server::requireAlive)
        .until(() -> new Shell(home).run(ask).exitCode() == 0);
  }

  private static void own(Path directory) {
    new Shell(directory).output("chown", USER + ":" + USER, ".");
  }

  private List<String> client(String statements) {
    return List.of(
        "mariadb",
        "--no-defaults",
        "--user=root",
        "--socket=" + home.resolve("socket"),
        "--batch",
        "--skip-column-names",
        "--execute=" + statements);
  }

  /** Runs statements, and returns what they found. */
  String ask(String statements) {
    return new Shell(home).output(client(statements).toArray(String[]::new));
  }

  /** Starts a client of its own. */
  Companion begin(Path scratch, String statements) {
    return Companion.start(scratch, client(statements));
  }

  /** What the server has written to its log. */
  String log() {
    return server.output();
  }

  /** As an administrator would stop it for a move. */
  void stop() {
    server.stop("TERM", PATIENCE);
  }

  @Override
  public void close() {
    server.close();
  }
}
