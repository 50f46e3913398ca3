package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** PostgreSQL on a volume that a target follows. */
final class PostgresIT extends TwoTrees {
  private static final int SECONDS = 7;
  private static final String ROWS =
      "SELECT (SELECT count(*) FROM pgbench_history), (SELECT sum(delta) FROM pgbench_history),"
          + " (SELECT count(*) FROM pgbench_accounts), (SELECT sum(abalance) FROM pgbench_accounts),"
          + " (SELECT sum(tbalance) FROM pgbench_tellers), (SELECT sum(bbalance) FROM pgbench_branches)";

  @Test
  @DisplayName("C54: after pgbench and a barrier the copy is equal, opens, and has every row")
  void the_copy_has_every_row() throws Exception {
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      Path data = volume.from().resolve("cluster");
      PostgresServer.init(data);
      String rows = load(volume, data);
      volume.assertBarrierMakesEqual();
      volume.hosts().close();
      assertOpens(volume.to().resolve("cluster"), rows);
    }
  }

  private String load(FollowedVolume volume, Path data) throws Exception {
    try (PostgresServer server = PostgresServer.start(scratch, data)) {
      server.ask("pgbench", "-i", "-q", "-s", "2");
      volume.follow();
      try (Companion bench =
          server.begin(scratch, "pgbench", "-n", "-c", "4", "-j", "2", "-T", "" + SECONDS)) {
        while (bench.isAlive()) {
          replaceFiles(server);
        }
        bench.awaitSuccess(FollowedVolume.PATIENCE);
      }
      String rows = server.ask("psql", "-qAt", "-c", ROWS);
      server.stop();
      return rows;
    }
  }

  /** Statements that make, truncate and delete files. */
  private static void replaceFiles(PostgresServer server) {
    server.ask(
        "psql",
        "-q",
        "-c",
        "CREATE TABLE passing AS SELECT * FROM pgbench_accounts LIMIT 5000",
        "-c",
        "CREATE INDEX ON passing (aid)",
        "-c",
        "VACUUM FULL pgbench_tellers",
        "-c",
        "DROP TABLE passing");
  }

  private void assertOpens(Path copy, String rows) throws Exception {
    PostgresServer.assertChecksums(copy);
    try (PostgresServer server = PostgresServer.start(scratch, copy)) {
      assertThat(server.ask("psql", "-qAt", "-c", ROWS)).isEqualTo(rows);
      assertThat(rows).as("rows of the history").doesNotStartWith("0|");
      server.ask("pg_amcheck", "--all", "--install-missing", "--heapallindexed");
      server.stop();
    }
  }
}
