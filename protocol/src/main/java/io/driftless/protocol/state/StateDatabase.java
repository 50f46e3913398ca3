package io.driftless.protocol.state;

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
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database of one agent: write-ahead log, one connection, one statement at a time. Thread-safe.
 *
 * <p>The schema grows by steps; the number of steps taken is kept in {@code user_version}. A
 * database that was written by a newer program is refused.
 */
public final class StateDatabase implements AutoCloseable {
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();

  private StateDatabase(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens or makes the database.
   *
   * @param file its directory exists and is the agent's own
   * @param steps statements that build the schema, one element for each version, never changed
   *     later
   * @throws IOException if it can't be opened; one line that says what to do
   */
  public static StateDatabase open(Path file, List<String> steps) throws IOException {
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      // The driver unpacks its library; the usual place may be mounted noexec.
      System.setProperty("org.sqlite.tmpdir", String.valueOf(file.toAbsolutePath().getParent()));
    }
    PrivateFile.prepare(file);
    try {
      var properties = new Properties();
      properties.setProperty("journal_mode", "WAL");
      properties.setProperty("synchronous", "NORMAL");
      properties.setProperty("busy_timeout", "5000");
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, properties);
      return prepared(connection, file, steps);
    } catch (SQLException e) {
      throw new IOException(
          "state database %s can't be opened: %s; move it away to start with a full comparison"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static StateDatabase prepared(Connection connection, Path file, List<String> steps)
      throws SQLException, IOException {
    try {
      migrate(connection, file, steps);
      return new StateDatabase(connection);
    } catch (SQLException | IOException | RuntimeException failure) {
      try {
        connection.close();
      } catch (SQLException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private static void migrate(Connection connection, Path file, List<String> steps)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      int version;
      try (ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
        version = rows.getInt(1);
      }
      if (version > steps.size()) {
        throw new IOException(
            "state database %s has version %d, this program knows up to %d; use the newer program, or move it away"
                .formatted(file, version, steps.size()));
      }
      connection.setAutoCommit(false);
      for (int step = version; step < steps.size(); step++) {
        statement.executeUpdate(steps.get(step));
        statement.executeUpdate("PRAGMA user_version = " + (step + 1));
        connection.commit();
      }
      connection.setAutoCommit(true);
    }
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** All rows of a query, in order; the caller bounds their number. */
  public <T> List<T> query(RowReader<T> reader, String sql, @Nullable Object... values)
      throws IOException {
    lock.lock();
    try (PreparedStatement statement = bind(sql, values);
        ResultSet rows = statement.executeQuery()) {
      var result = new ArrayList<T>();
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /** Runs one change; returns how many rows it changed. */
  public int update(String sql, @Nullable Object... values) throws IOException {
    lock.lock();
    try (PreparedStatement statement = bind(sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #update}, and on stable storage when it returns, with all that was changed before.
   */
  public int updateDurably(String sql, @Nullable Object... values) throws IOException {
    lock.lock();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = FULL");
      try {
        return update(sql, values);
      } finally {
        statement.execute("PRAGMA synchronous = NORMAL");
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /** Runs one change for each row of values, in one transaction: all or none. */
  public void updateAll(String sql, List<@Nullable Object[]> rows) throws IOException {
    lock.lock();
    try {
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (Object[] row : rows) {
          setAll(statement, row);
          statement.addBatch();
        }
        statement.executeBatch();
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  private PreparedStatement bind(String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    setAll(statement, values);
    return statement;
  }

  private static void setAll(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private static IOException failed(SQLException cause) {
    return new IOException("state database failed: " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }
}
