package io.driftless.source.scan;

import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Link groups on disk: a temporary SQLite database, which has no name and goes with the process.
 * Not thread-safe.
 */
final class LinkSpill implements AutoCloseable {
  private static final int CACHE_KIBIBYTES = 16 * 1024;

  private final Connection database;
  private final PreparedStatement addGroup;
  private final PreparedStatement addName;
  private final PreparedStatement find;
  private long groups;

  private LinkSpill(Connection database) throws SQLException {
    this.database = database;
    this.addGroup = database.prepareStatement("INSERT INTO link_group VALUES (?, ?, ?, ?, ?)");
    this.addName = database.prepareStatement("INSERT OR IGNORE INTO link_name VALUES (?, ?)");
    this.find =
        database.prepareStatement(
            "SELECT id, first FROM link_group WHERE inode = ? AND device = ? AND birth = ?");
  }

  /** A group that was found. */
  record Found(long group, TreePath first) {}

  static LinkSpill in(Path scratch) throws IOException {
    try {
      Connection database = DriverManager.getConnection("jdbc:sqlite:");
      try (Statement statement = database.createStatement()) {
        String directory = scratch.toAbsolutePath().toString().replace("'", "''");
        statement.execute("PRAGMA temp_store_directory = '" + directory + "'");
        statement.execute("PRAGMA temp_store = FILE");
        statement.execute("PRAGMA journal_mode = OFF");
        statement.execute("PRAGMA synchronous = OFF");
        statement.execute("PRAGMA cache_size = -" + CACHE_KIBIBYTES);
        statement.execute(
            "CREATE TABLE link_group (id INTEGER PRIMARY KEY, inode INTEGER, device INTEGER,"
                + " birth INTEGER, first BLOB)");
        statement.execute("CREATE INDEX by_inode ON link_group (inode)");
        statement.execute(
            "CREATE TABLE link_name (id INTEGER, path BLOB, PRIMARY KEY (id, path)) WITHOUT ROWID");
        database.setAutoCommit(false);
        return new LinkSpill(database);
      } catch (SQLException e) {
        database.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure("make", e);
    }
  }

  long add(LinkTable.Inode inode, TreePath first) throws IOException {
    try {
      long id = ++groups;
      addGroup.setLong(1, id);
      addGroup.setLong(2, inode.number());
      addGroup.setLong(3, inode.device());
      addGroup.setLong(4, inode.birth());
      addGroup.setBytes(5, first.toBytes());
      addGroup.executeUpdate();
      return id;
    } catch (SQLException e) {
      throw failure("write", e);
    }
  }

  void add(long group, TreePath other) throws IOException {
    try {
      addName.setLong(1, group);
      addName.setBytes(2, other.toBytes());
      addName.executeUpdate();
    } catch (SQLException e) {
      throw failure("write", e);
    }
  }

  void commit() throws IOException {
    try {
      database.commit();
    } catch (SQLException e) {
      throw failure("write", e);
    }
  }

  @Nullable Found find(LinkTable.Inode inode) throws IOException {
    try {
      find.setLong(1, inode.number());
      find.setLong(2, inode.device());
      find.setLong(3, inode.birth());
      try (ResultSet found = find.executeQuery()) {
        return found.next() ? new Found(found.getLong(1), TreePath.of(found.getBytes(2))) : null;
      }
    } catch (SQLException e) {
      throw failure("read", e);
    }
  }

  /** Group by group, each in pieces of limited size. */
  void forEach(int othersMax, LinkTable.Links links) throws IOException, InterruptedException {
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT g.id, g.first, n.path FROM link_name n JOIN link_group g ON g.id = n.id"
                    + " ORDER BY n.id")) {
      long group = 0;
      TreePath first = TreePath.ROOT;
      List<TreePath> others = new ArrayList<>();
      while (rows.next()) {
        if (rows.getLong(1) != group || others.size() == othersMax) {
          tell(first, others, links);
          others = new ArrayList<>();
          group = rows.getLong(1);
          first = TreePath.of(rows.getBytes(2));
        }
        others.add(TreePath.of(rows.getBytes(3)));
      }
      tell(first, others, links);
    } catch (SQLException e) {
      throw failure("read", e);
    }
  }

  private static void tell(TreePath first, List<TreePath> others, LinkTable.Links links)
      throws IOException, InterruptedException {
    if (!others.isEmpty()) {
      links.accept(first, List.copyOf(others));
    }
  }

  private static IOException failure(String what, SQLException e) {
    return new LinkSpillException(
        "can't %s the temporary database of hard links: %s".formatted(what, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw failure("close", e);
    }
  }
}
