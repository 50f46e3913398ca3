package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** MariaDB, which writes its pages without an event, on a volume that a target follows. */
final class MariaDbIT extends TwoTrees {
  private static final int SECONDS = 7;
  private static final int WRITERS = 4;

  /** Rows come, change and go until the time is up. */
  private static final String SCHEMA =
      """
      CREATE DATABASE shop;
      CREATE TABLE shop.orders (
        id BIGINT AUTO_INCREMENT PRIMARY KEY,
        writer INT NOT NULL,
        note VARCHAR(3000) NOT NULL,
        KEY (writer, id)) ENGINE=InnoDB;
      DELIMITER //
      CREATE PROCEDURE shop.work(IN me INT, IN seconds INT)
      BEGIN
        DECLARE end DATETIME(6) DEFAULT NOW(6) + INTERVAL seconds SECOND;
        DECLARE i INT DEFAULT 0;
        DECLARE CONTINUE HANDLER FOR 1213 ROLLBACK; -- a deadlock
        WHILE SYSDATE(6) < end DO
          START TRANSACTION;
          INSERT INTO shop.orders (writer, note) VALUES (me, REPEAT(UUID(), 60));
          INSERT INTO shop.orders (writer, note) VALUES (me, REPEAT(UUID(), RAND() * 80));
          UPDATE shop.orders SET note = CONCAT('changed ', i, UUID()) WHERE writer = me
            ORDER BY id LIMIT 2;
          DELETE FROM shop.orders WHERE writer = me AND i MOD 3 = 0 ORDER BY id LIMIT 1;
          COMMIT;
          SET i = i + 1;
        END WHILE;
      END //
      """;

  private static final String ROWS =
      "SELECT COUNT(*), SUM(CRC32(note)), MAX(id) FROM shop.orders; CHECKSUM TABLE shop.orders";

  @Test
  @DisplayName("C54: after a load and a barrier the copy is equal, opens, and has every row")
  void the_copy_has_every_row() throws Exception {
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      Path data = volume.from().resolve("data");
      MariaDbServer.init(data);
      String rows = load(volume, data);
      volume.assertBarrierMakesEqual();
      volume.hosts().close();
      assertOpens(volume.to().resolve("data"), rows);
    }
  }

  private String load(FollowedVolume volume, Path data) throws Exception {
    try (MariaDbServer server = MariaDbServer.start(scratch, data)) {
      server.ask(SCHEMA);
      volume.follow();
      List<Companion> writers = new ArrayList<>();
      try {
        for (int writer = 1; writer <= WRITERS; writer++) {
          String work = "CALL shop.work(%d, %d)".formatted(writer, SECONDS);
          writers.add(server.begin(scratch, work));
        }
        while (writers.getFirst().isAlive()) {
          replaceFiles(server);
        }
        writers.forEach(writer -> writer.awaitSuccess(FollowedVolume.PATIENCE));
      } finally {
        writers.forEach(Companion::close);
      }
      String rows = server.ask(ROWS);
      server.stop();
      assertThat(server.log())
          .as("the server's log")
          .containsAnyOf("Using Linux native AIO", "Using io_uring");
      return rows;
    }
  }

  /** Statements that make, rename and delete files. */
  private static void replaceFiles(MariaDbServer server) {
    server.ask(
        "USE shop; CREATE TABLE passing ENGINE=InnoDB SELECT seq, UUID() FROM seq_1_to_9999;"
            + " RENAME TABLE shop.passing TO shop.past; TRUNCATE TABLE shop.past;"
            + " DROP TABLE shop.past");
  }

  private void assertOpens(Path copy, String rows) throws Exception {
    try (MariaDbServer server = MariaDbServer.start(scratch, copy)) {
      assertThat(server.log()).doesNotContain("Starting crash recovery");
      assertThat(server.ask("CHECK TABLE shop.orders EXTENDED")).endsWith("status\tOK\n");
      assertThat(server.ask(ROWS)).isEqualTo(rows);
      assertThat(rows).as("rows of the shop").doesNotStartWith("0\t");
      server.stop();
    }
  }
}
