package io.driftless.protocol.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.state.PrivateFile;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records about the slices of one volume, on disk; only a few megabytes of it are in memory,
 * however many there are. Thread-safe.
 *
 * <p>Nothing here may hurt: a store that can't be read, is torn, or belongs to something else is
 * thrown away, and one that fails meanwhile is as if it were empty. Each record carries a checksum
 * over itself and the slice that it is about.
 */
public final class WitnessStore implements AutoCloseable {
  /*
   * Why SQLite and not a file of our own: the order in which slices are asked for is that of a walk
   * of several threads, and a few of a million change. Why without syncing: a record is true whether
   * it is the last or the one before, so what a power cut takes away is only missed; and what it
   * tears is told by the checksums, or by the database, and is thrown away.
   */
  private static final Logger LOG = LoggerFactory.getLogger(WitnessStore.class);

  private static final long LAYOUT = 3;
  private static final int CACHE_KIBIBYTES = 8 * 1024;
  private static final int WRITES_AT_ONCE = 4096;

  /** Records of slices that are no more, which may lie around in a small volume. */
  private static final int SPARE_RECORDS = 1024;

  private static final List<String> SET_UP =
      List.of(
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = OFF",
          "PRAGMA cache_size = -" + CACHE_KIBIBYTES,
          "CREATE TABLE IF NOT EXISTS store (identity INTEGER NOT NULL, sweeping INTEGER NOT NULL,"
              + " saved_at INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS slice (key INTEGER PRIMARY KEY, record BLOB NOT NULL)",
          "CREATE TEMP TABLE seen (key INTEGER PRIMARY KEY)");

  private final SeededHash hash;
  private final @Nullable Path file;
  private @Nullable Tables tables;

  private WitnessStore(SeededHash hash, @Nullable Path file) {
    this.hash = hash;
    this.file = file;
  }

  /** A store that keeps nothing. */
  public static WitnessStore none() {
    return new WitnessStore(new SeededHash(0), null);
  }

  /**
   * Opens the store of a volume, an empty one if there is none that fits.
   *
   * @param file where it is kept; files beside it begin with the same name
   * @param identity all that the records depend on besides the slices themselves: another volume,
   *     root, generation, filter or mapping of owners is another identity
   */
  public static WitnessStore open(Path file, String identity, InstantSource clock) {
    var store = new WitnessStore(new SeededHash(identity.hashCode()), file);
    long number = store.hash.hash64((LAYOUT + " " + identity).getBytes(UTF_8));
    try {
      store.tables = Tables.open(file, number, clock);
    } catch (SQLException | IOException e) {
      LOG.info("the witnesses in {} are thrown away: {}", file, e.getMessage());
      store.openAnew(file, number, clock);
    }
    return store;
  }

  private void openAnew(Path at, long number, InstantSource clock) {
    try {
      remove(at);
      tables = Tables.open(at, number, clock);
    } catch (SQLException | IOException e) {
      LOG.warn(
          "no witnesses can be kept in {}: {}; every pass reads all metadata", at, e.getMessage());
    }
  }

  /** Removes a store that nobody has open. */
  public static void remove(Path file) throws IOException {
    for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  /** Tells whether records are kept at all. */
  public synchronized boolean isOpen() {
    return tables != null;
  }

  /**
   * Tells whether an equal witness proves anything: not if the clock was set back since the last
   * record, for then a later change may bear the time of an earlier one.
   */
  public synchronized boolean isTrusted() {
    Tables open = tables;
    return open != null && !open.clockWentBack;
  }

  /** The number under which a slice is kept. */
  public long keyOf(TreePath directory, Scope scope) {
    return WitnessSum.mixed(
        hash.hash64(directory.toBytes()), (long) scope.bits() << 32 | scope.prefix());
  }

  /** What was recorded of a slice, or null. */
  public synchronized @Nullable ByteBuffer find(long key) {
    Tables open = tables;
    if (open == null) {
      return null;
    }
    try {
      byte[] found = open.find(key);
      return found == null ? null : checked(key, found);
    } catch (SQLException e) {
      fail(e);
      return null;
    }
  }

  private @Nullable ByteBuffer checked(long key, byte[] found) throws SQLException {
    int length = found.length - Long.BYTES;
    if (length < 0) {
      throw new SQLException("a record of %d bytes".formatted(found.length));
    }
    var record = ByteBuffer.wrap(found, 0, length).slice();
    if (ByteBuffer.wrap(found).getLong(length) != checksum(key, record)) {
      throw new SQLException("a record does not have its checksum");
    }
    return record;
  }

  private long checksum(long key, ByteBuffer record) {
    byte[] bytes = new byte[record.remaining()];
    record.duplicate().get(bytes);
    return WitnessSum.mixed(hash.hash64(bytes), key);
  }

  /** Records something of a slice, from the buffer's position to its limit. */
  public synchronized void put(long key, ByteBuffer record) {
    Tables open = tables;
    if (open == null) {
      return;
    }
    var stored = ByteBuffer.allocate(record.remaining() + Long.BYTES);
    stored.put(record.duplicate()).putLong(checksum(key, record));
    try {
      open.put(key, stored.array());
    } catch (SQLException e) {
      fail(e);
    }
  }

  /** Forgets what was recorded of a slice. */
  public synchronized void remove(long key) {
    Tables open = tables;
    if (open == null) {
      return;
    }
    try {
      open.remove(key);
    } catch (SQLException e) {
      fail(e);
    }
  }

  /**
   * A pass has come to its end.
   *
   * @param slices how many the volume has; where far more are recorded, the next pass takes note of
   *     those that it meets and the others go in its end
   */
  public synchronized void passEnded(long slices) {
    Tables open = tables;
    if (open == null) {
      return;
    }
    try {
      open.passEnded(slices);
    } catch (SQLException e) {
      fail(e);
    }
  }

  private void fail(SQLException cause) {
    LOG.warn("the witnesses in {} are thrown away: {}", file, cause.getMessage());
    close();
    try {
      if (file != null) {
        remove(file);
      }
    } catch (IOException e) {
      LOG.warn("{} can't be removed: {}", file, e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    Tables open = tables;
    tables = null;
    if (open != null) {
      open.close();
    }
  }

  /** The open database. Guarded by the store. */
  private static final class Tables {
    private final Connection connection;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final PreparedStatement see;
    private final InstantSource clock;
    private final boolean clockWentBack;
    private boolean sweeping;
    private int writes;

    private Tables(Connection connection, InstantSource clock) throws SQLException {
      this.connection = connection;
      this.clock = clock;
      try (Statement statement = connection.createStatement()) {
        this.sweeping = number(statement, "SELECT sweeping FROM store") != 0;
        this.clockWentBack = number(statement, "SELECT saved_at FROM store") > clock.millis();
      }
      this.find = connection.prepareStatement("SELECT record FROM slice WHERE key = ?");
      this.put = connection.prepareStatement("INSERT OR REPLACE INTO slice VALUES (?, ?)");
      this.remove = connection.prepareStatement("DELETE FROM slice WHERE key = ?");
      this.see = connection.prepareStatement("INSERT OR IGNORE INTO seen VALUES (?)");
    }

    static Tables open(Path file, long identity, InstantSource clock)
        throws SQLException, IOException {
      PrivateFile.prepare(file);
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, new Properties());
      try {
        setUp(connection, identity);
        return new Tables(connection, clock);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    private static void setUp(Connection connection, long identity) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String step : SET_UP) {
          statement.execute(step);
        }
        connection.setAutoCommit(false);
        long known = number(statement, "SELECT identity FROM store");
        if (known != identity) {
          statement.execute("DELETE FROM slice");
          statement.execute("DELETE FROM store");
          statement.execute("INSERT INTO store VALUES (" + identity + ", 0, 0)");
        }
        connection.commit();
      }
    }

    private static long number(Statement statement, String query) throws SQLException {
      try (ResultSet rows = statement.executeQuery(query)) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }

    byte @Nullable [] find(long key) throws SQLException {
      if (sweeping) {
        see.setLong(1, key);
        written(see.executeUpdate());
      }
      find.setLong(1, key);
      try (ResultSet rows = find.executeQuery()) {
        return rows.next() ? rows.getBytes(1) : null;
      }
    }

    void put(long key, byte[] record) throws SQLException {
      put.setLong(1, key);
      put.setBytes(2, record);
      written(put.executeUpdate());
    }

    void remove(long key) throws SQLException {
      remove.setLong(1, key);
      written(remove.executeUpdate());
    }

    private void written(int rows) throws SQLException {
      writes += rows;
      if (writes >= WRITES_AT_ONCE) {
        connection.commit();
        writes = 0;
      }
    }

    void passEnded(long slices) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        if (sweeping) {
          statement.execute("DELETE FROM slice WHERE key NOT IN (SELECT key FROM seen)");
          statement.execute("DELETE FROM seen");
        }
        sweeping = number(statement, "SELECT count(*) FROM slice") > 2 * slices + SPARE_RECORDS;
      }
      save();
    }

    private void save() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "UPDATE store SET sweeping = %d, saved_at = %d"
                .formatted(sweeping ? 1 : 0, clock.millis()));
      }
      connection.commit();
      writes = 0;
    }

    void close() {
      try (connection) {
        save();
      } catch (SQLException e) {
        LOG.info("the last witnesses are not kept: {}", e.getMessage());
      }
    }
  }
}
