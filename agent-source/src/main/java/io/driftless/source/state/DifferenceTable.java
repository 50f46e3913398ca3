package io.driftless.source.state;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.state.StateDatabase;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.NumberedDifference;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Differences that passes have found. Thread-safe. */
record DifferenceTable(StateDatabase database) {
  private static final int PAGE = 1000;

  void add(String volume, long pass, List<Difference> differences) throws IOException {
    var rows = new ArrayList<@Nullable Object[]>(differences.size());
    for (Difference each : differences) {
      rows.add(
          new @Nullable Object[] {
            volume,
            pass,
            each.path().toBytes(),
            each.kind().code(),
            each.trait().name(),
            each.left().name(),
            each.source(),
            each.target()
          });
    }
    database.updateAll("INSERT INTO difference VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows);
  }

  long count(String volume, long pass) throws IOException {
    return database
        .query(
            row -> row.getLong(1),
            "SELECT count(*) FROM difference WHERE volume = ? AND pass = ?",
            volume,
            pass)
        .getFirst();
  }

  long busyCount(String volume, long pass) throws IOException {
    return database
        .query(
            row -> row.getLong(1),
            "SELECT count(*) FROM difference WHERE volume = ? AND pass = ? AND trait = ?",
            volume,
            pass,
            Trait.BUSY.name())
        .getFirst();
  }

  /** Some of them in the order of their paths, after the one of that number. */
  List<NumberedDifference> page(String volume, long pass, long after, int atMost)
      throws IOException {
    String from =
        after == 0
            ? ""
            : " AND (path, rowid) > (SELECT path, rowid FROM difference WHERE rowid = "
                + after
                + ")";
    return database.query(
        DifferenceTable::read,
        "SELECT rowid, path, kind, trait, left, source, target FROM difference"
            + " WHERE volume = ? AND pass = ?"
            + from
            + " ORDER BY path, rowid LIMIT ?",
        volume,
        pass,
        atMost);
  }

  private static NumberedDifference read(ResultSet row) throws SQLException {
    return new NumberedDifference(
        row.getLong(1),
        new Difference(
            TreePath.of(row.getBytes(2)),
            Kind.ofCode(row.getInt(3)),
            Trait.valueOf(row.getString(4)),
            Left.valueOf(row.getString(5)),
            row.getString(6),
            row.getString(7)));
  }

  /** Has those of busy entries say no more than that, and only once of each. */
  void settle(String volume, long pass, Predicate<Difference> isBusy) throws IOException {
    List<NumberedDifference> some = page(volume, pass, 0, PAGE);
    while (!some.isEmpty()) {
      var rows = new ArrayList<@Nullable Object[]>();
      for (NumberedDifference each : some) {
        boolean isTold = each.difference().trait() == Trait.BUSY;
        if (!isTold && isBusy.test(each.difference())) {
          rows.add(
              new @Nullable Object[] {
                Trait.BUSY.name(), Left.UNTOUCHED.name(), "changed", "", each.number()
              });
        }
      }
      if (!rows.isEmpty()) {
        database.updateAll(
            "UPDATE difference SET trait = ?, left = ?, source = ?, target = ? WHERE rowid = ?",
            rows);
      }
      some = page(volume, pass, some.getLast().number(), PAGE);
    }
    database.update(
        """
        DELETE FROM difference WHERE volume = ?1 AND pass = ?2 AND trait = ?3 AND rowid NOT IN (
          SELECT min(rowid) FROM difference WHERE volume = ?1 AND pass = ?2 AND trait = ?3
          GROUP BY path)\
        """,
        volume,
        pass,
        Trait.BUSY.name());
  }
}
