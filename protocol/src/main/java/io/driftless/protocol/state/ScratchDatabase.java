package io.driftless.protocol.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * For what does not fit into memory: SQLite databases that have no name and go with the process.
 */
public final class ScratchDatabase {
  private ScratchDatabase() {}

  /**
   * Makes one; changes are committed by whoever makes them.
   *
   * @param scratch a directory of the agent's own, where what is spilt lies
   * @param setUp statements to begin with
   */
  public static Connection in(Path scratch, List<String> setUp) throws SQLException {
    Connection database = DriverManager.getConnection("jdbc:sqlite:");
    try (Statement statement = database.createStatement()) {
      String directory = scratch.toAbsolutePath().toString().replace("'", "''");
      statement.execute("PRAGMA temp_store_directory = '" + directory + "'");
      for (String step : setUp) {
        statement.execute(step);
      }
      database.setAutoCommit(false);
      return database;
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }
}
