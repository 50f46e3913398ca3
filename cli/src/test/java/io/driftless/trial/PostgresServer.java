package io.driftless.trial;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A PostgreSQL of Debian's packages, reachable by a unix socket of its own only. */
final class PostgresServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "postgres";

  private final Path programs;
  private final Path sockets;
  private final Companion server;

  private PostgresServer(Path programs, Path sockets, Companion server) {
    this.programs = programs;
    this.sockets = sockets;
    this.server = server;
  }

  /** Makes a cluster whose pages carry checksums. */
  static void init(Path data) throws IOException {
    Files.createDirectory(data);
    own(data);
    run(data, "initdb", "-D", data.toString(), "-A", "trust", "-k", "--no-instructions");
  }

  /** Starts a server on a cluster; small limits make it write what larger ones would keep back. */
  static PostgresServer start(Path scratch, Path data) throws IOException {
    Path sockets = Files.createTempDirectory(scratch, "pg");
    own(sockets);
    List<String> command =
        Companion.as(
            USER,
            programs().resolve("postgres").toString(),
            "-D",
            data.toString(),
            "-k",
            sockets.toString(),
            "-clisten_addresses=",
            "-cshared_buffers=8MB",
            "-cmax_wal_size=64MB",
            "-ccheckpoint_timeout=30s",
            "-cautovacuum_naptime=1s",
            "-cdynamic_shared_memory_type=mmap");
    var server = new PostgresServer(programs(), sockets, Companion.start(scratch, command));
    try {
      server.awaitAnswer();
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
    return server;
  }

  private void awaitAnswer() {
    List<String> ask = client("pg_isready", "-q");
    Awaitility.await()
        .atMost(PATIENCE)
        .failFast(server::requireAlive)
        .until(() -> new Shell(sockets).run(ask.toArray(String[]::new)).exitCode() == 0);
  }

  /** Where Debian has the programs of the newest version. */
  private static Path programs() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    Path newest = versions;
    if (Files.isDirectory(versions)) {
      try (Stream<Path> found = Files.list(versions)) {
        newest = found.sorted().toList().getLast().resolve("bin");
      }
    }
    Needs.that(Files.isExecutable(newest.resolve("pgbench")), "PostgreSQL in " + versions);
    return newest;
  }

  private static void own(Path directory) {
    new Shell(directory).output("chown", USER + ":" + USER, ".");
  }

  private static String run(Path at, String program, String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = programs().resolve(program).toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new Shell(at).output(Companion.as(USER, command).toArray(String[]::new));
  }

  /** Fails if a page of a cluster that nobody serves is not what was written. */
  static void assertChecksums(Path data) throws IOException {
    run(data, "pg_checksums", "--check", "-D", data.toString());
  }

  /** The command of a client of this server. */
  private List<String> client(String program, String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = programs.resolve(program).toString();
    command[1] = "-h";
    command[2] = sockets.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Companion.as(USER, command);
  }

  /** Runs a client to its end, and returns what it said. */
  String ask(String program, String... arguments) {
    return new Shell(sockets).output(client(program, arguments).toArray(String[]::new));
  }

  /** Starts a client. */
  Companion begin(Path scratch, String program, String... arguments) {
    return Companion.start(scratch, client(program, arguments));
  }

  /** As an administrator would stop it for a move. */
  void stop() {
    server.stop("INT", PATIENCE);
  }

  @Override
  public void close() {
    server.close();
  }
}
