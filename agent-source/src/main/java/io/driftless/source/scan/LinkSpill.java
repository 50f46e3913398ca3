package io.driftless.source.scan;

import io.driftless.protocol.state.ScratchDatabase;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Link groups on disk: a temporary SQLite database, which has no name and goes with the process.
 * Not thread-safe.
 */
final class LinkSpill implements AutoCloseable {
  private static final int CACHE_KIBIBYTES = 16 * 1024;

  private static final List<String> SET_UP =
      List.of(
          "PRAGMA temp_store = FILE",
          "PRAGMA journal_mode = OFF",
          "PRAGMA synchronous = OFF",
          "PRAGMA cache_size = -" + CACHE_KIBIBYTES,
          "CREATE TABLE member (link_group INTEGER, path BLOB)",
          "CREATE TABLE inode (number INTEGER, tag INTEGER, link_group INTEGER, first_hash INTEGER,"
              + " PRIMARY KEY (number, tag)) WITHOUT ROWID");

  private final Connection database;
  private final PreparedStatement addMember;
  private final PreparedStatement addInode;
  private final PreparedStatement find;
  private boolean hasInodes;

  private LinkSpill(Connection database) throws SQLException {
    this.database = database;
    this.addMember = database.prepareStatement("INSERT INTO member VALUES (?, ?)");
    this.addInode = database.prepareStatement("INSERT OR REPLACE INTO inode VALUES (?, ?, ?, ?)");
    this.find =
        database.prepareStatement(
            "SELECT link_group, first_hash FROM inode WHERE number = ? AND tag = ?");
  }

  static LinkSpill in(Path scratch) throws IOException {
    try {
      Connection database = ScratchDatabase.in(scratch, SET_UP);
      try {
        return new LinkSpill(database);
      } catch (SQLException e) {
        database.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure("made", e);
    }
  }

  void addMembers(List<LinkTable.Member> members) throws IOException {
    try {
      for (LinkTable.Member member : members) {
        addMember.setLong(1, member.group());
        addMember.setBytes(2, member.path().toBytes());
        addMember.executeUpdate();
      }
      database.commit();
    } catch (SQLException e) {
      throw failure("written", e);
    }
  }

  void addGroups(OpenGroups groups) throws IOException {
    try {
      groups.forEach(this::add);
      database.commit();
      hasInodes = true;
    } catch (SQLException e) {
      throw failure("written", e);
    }
  }

  private void add(LinkTable.Inode inode, OpenGroups.Group group) throws SQLException {
    addInode.setLong(1, inode.number());
    addInode.setLong(2, inode.tag());
    addInode.setLong(3, group.number());
    addInode.setLong(4, group.firstHash());
    addInode.executeUpdate();
  }

  OpenGroups.@Nullable Group find(LinkTable.Inode inode) throws IOException {
    if (!hasInodes) {
      return null;
    }
    try {
      find.setLong(1, inode.number());
      find.setLong(2, inode.tag());
      try (ResultSet found = find.executeQuery()) {
        return found.next() ? new OpenGroups.Group(found.getInt(1), found.getLong(2)) : null;
      }
    } catch (SQLException e) {
      throw failure("read", e);
    }
  }

  /** Group by group, the first name of each before the others. */
  void forEachMember(LinkTable.Gathering gathering) throws IOException, InterruptedException {
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT link_group, path FROM member ORDER BY link_group, rowid")) {
      while (rows.next()) {
        TreePath path = TreePath.of(rows.getBytes(2));
        gathering.accept(new LinkTable.Member(rows.getInt(1), path));
      }
    } catch (SQLException e) {
      throw failure("read", e);
    }
  }

  private static IOException failure(String what, SQLException e) {
    return new LinkSpillException(
        "the temporary database of hard links can't be %s: %s".formatted(what, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw failure("closed", e);
    }
  }
}
