package io.driftless.target.witness;

import io.driftless.protocol.state.ScratchDatabase;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.witness.SliceRecord.Unmet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The notes and problems of one pass, on disk: a temporary SQLite database, which has no name and
 * goes with the process. Not thread-safe.
 */
final class PassSpool implements AutoCloseable {
  private static final int CACHE_KIBIBYTES = 4 * 1024;
  private static final List<String> SET_UP =
      List.of(
          "PRAGMA temp_store = FILE",
          "PRAGMA journal_mode = OFF",
          "PRAGMA synchronous = OFF",
          "PRAGMA cache_size = -" + CACHE_KIBIBYTES,
          "CREATE TABLE note (number INTEGER PRIMARY KEY, path BLOB, bits INTEGER, prefix INTEGER,"
              + " note BLOB)",
          "CREATE TABLE problem (directory BLOB, path BLOB, reason TEXT, detail TEXT)");

  private final Connection database;
  private final PreparedStatement addNote;
  private final PreparedStatement addProblem;
  private boolean indexed;

  private PassSpool(Connection database) throws SQLException {
    this.database = database;
    this.addNote =
        database.prepareStatement(
            "INSERT INTO note (path, bits, prefix, note) VALUES (?, ?, ?, ?)");
    this.addProblem = database.prepareStatement("INSERT INTO problem VALUES (?, ?, ?, ?)");
  }

  static PassSpool in(Path scratch) throws SQLException {
    Connection database = ScratchDatabase.in(scratch, SET_UP);
    try {
      return new PassSpool(database);
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  void add(TreePath directory, Scope scope, ByteBuffer note) throws SQLException {
    addNote.setBytes(1, directory.toBytes());
    addNote.setInt(2, scope.bits());
    addNote.setInt(3, scope.prefix());
    byte[] bytes = new byte[note.remaining()];
    note.get(bytes);
    addNote.setBytes(4, bytes);
    addNote.executeUpdate();
  }

  /** A problem of an entry is one of the directory that it is in, and of itself if it is one. */
  void add(TreePath path, String reason, String detail) throws SQLException {
    addProblem(path, path, reason, detail);
    if (!path.isRoot()) {
      addProblem(path.parent(), path, reason, detail);
    }
  }

  private void addProblem(TreePath directory, TreePath path, String reason, String detail)
      throws SQLException {
    addProblem.setBytes(1, directory.toBytes());
    addProblem.setBytes(2, path.toBytes());
    addProblem.setString(3, reason);
    addProblem.setString(4, detail);
    addProblem.executeUpdate();
  }

  /** A slice of which something was noted. */
  record Slice(TreePath directory, Scope scope, ByteBuffer note) {}

  /** Notes from a number on, in the order in which they came; fewer than asked for at the end. */
  List<Slice> notes(long from, int atMost) throws SQLException {
    var slices = new ArrayList<Slice>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT path, bits, prefix, note FROM note WHERE number > %d ORDER BY number LIMIT %d"
                    .formatted(from, atMost))) {
      while (rows.next()) {
        slices.add(
            new Slice(
                TreePath.of(rows.getBytes(1)),
                new Scope(rows.getInt(2), rows.getInt(3)),
                ByteBuffer.wrap(rows.getBytes(4))));
      }
    }
    return slices;
  }

  /** Entries of which something was told for one of these reasons. */
  void forEachProblem(Set<String> reasons, Consumer<TreePath> action) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SELECT DISTINCT path, reason FROM problem")) {
      while (rows.next()) {
        TreePath path = TreePath.of(rows.getBytes(1));
        if (!path.isRoot() && reasons.contains(rows.getString(2))) {
          action.accept(path);
        }
      }
    }
  }

  /** What was told of a directory and of the entries in it. */
  List<Unmet> problems(TreePath directory) throws SQLException {
    if (!indexed) {
      try (Statement statement = database.createStatement()) {
        statement.execute("CREATE INDEX problem_of_directory ON problem (directory)");
      }
      indexed = true;
    }
    var problems = new ArrayList<Unmet>();
    try (PreparedStatement find =
        database.prepareStatement("SELECT path, reason, detail FROM problem WHERE directory = ?")) {
      find.setBytes(1, directory.toBytes());
      try (ResultSet rows = find.executeQuery()) {
        while (rows.next()) {
          problems.add(new Unmet(rows.getBytes(1), rows.getString(2), rows.getString(3)));
        }
      }
    }
    return problems;
  }

  @Override
  public void close() {
    try {
      database.close();
    } catch (SQLException e) {
      // it has no name and goes with the process
    }
  }
}
