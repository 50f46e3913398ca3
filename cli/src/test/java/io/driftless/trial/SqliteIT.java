package io.driftless.trial;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * SQLite with a write-ahead log, which several processes index through a mapping, on a volume that
 * a target follows.
 */
final class SqliteIT extends TwoTrees {
  private static final long LOAD_NANOS = SECONDS.toNanos(7);
  private static final int WRITERS = 4;
  private static final long SEED = 20_261_129;

  private static final String SCHEMA =
      """
      PRAGMA journal_mode=WAL;
      CREATE TABLE log (id INTEGER PRIMARY KEY, writer INTEGER, note TEXT);
      CREATE INDEX by_writer ON log (writer, note);
      """;

  private static final String ROWS = "SELECT count(*), sum(length(note)), max(id) FROM log";

  @Test
  @DisplayName(
      "C54: the copy is equal while idle writers have it open, and when they have closed it")
  void the_copy_has_every_row() throws Exception {
    Needs.tools("sqlite3");
    try (FollowedVolume volume = FollowedVolume.on(Type.XFS, program, scratch)) {
      Path database = volume.from().resolve("app.db");
      ask(database, SCHEMA);
      volume.follow();
      load(volume, database);
      volume.assertBarrierMakesEqual();
      volume.hosts().close();
      Path copy = volume.to().resolve("app.db");
      assertThat(ask(copy, "PRAGMA integrity_check; " + ROWS))
          .isEqualTo("ok\n" + ask(database, ROWS));
    }
  }

  private void load(FollowedVolume volume, Path database) throws Exception {
    List<Companion> writers = new ArrayList<>();
    try {
      for (int writer = 0; writer < WRITERS; writer++) {
        String patience = ".timeout 60000";
        writers.add(
            Companion.start(
                scratch, List.of("sqlite3", "-bail", "-cmd", patience, database.toString())));
      }
      write(writers);
      writers.forEach(SqliteIT::awaitIdle);
      assertThat(volume.from().resolve("app.db-shm")).isNotEmptyFile();
      volume.assertBarrierMakesEqual();
      assertThat(Long.parseLong(ask(database, "SELECT count(*) FROM log").strip())).isPositive();
      for (Companion writer : writers) {
        writer.tell(".quit");
        writer.awaitSuccess(FollowedVolume.PATIENCE);
      }
      assertThat(volume.from().resolve("app.db-wal")).doesNotExist();
    } finally {
      writers.forEach(Companion::close);
    }
  }

  private static void write(List<Companion> writers) throws InterruptedException {
    var random = new SplittableRandom(SEED);
    long end = System.nanoTime() + LOAD_NANOS;
    for (int round = 0; System.nanoTime() < end; round++) {
      for (int writer = 0; writer < writers.size(); writer++) {
        writers.get(writer).tell(statements(writer, round, random));
      }
      MILLISECONDS.sleep(10 + random.nextInt(30));
    }
  }

  private static String statements(int writer, int round, SplittableRandom random) {
    return """
    BEGIN IMMEDIATE;
    INSERT INTO log (writer, note) VALUES (%1$d, hex(randomblob(%2$d)));
    UPDATE log SET note = 'changed %3$d' WHERE id = abs(random()) %% (%3$d + 1);
    DELETE FROM log WHERE id = abs(random()) %% (4 * %3$d + 1);
    COMMIT;\
    """
            .formatted(writer, 1 + random.nextInt(1500), round)
        + (random.nextInt(100) == 0 ? "\nPRAGMA wal_checkpoint(TRUNCATE);" : "");
  }

  private static void awaitIdle(Companion writer) {
    writer.tell("SELECT 'all is written';");
    Awaitility.await()
        .atMost(FollowedVolume.PATIENCE)
        .failFast(writer::requireAlive)
        .until(() -> writer.output().endsWith("all is written\n"));
  }

  private static String ask(Path database, String statements) {
    return new Shell(Path.of("/")).output("sqlite3", "-bail", database.toString(), statements);
  }
}
