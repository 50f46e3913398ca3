package io.driftless.source.state;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.state.StateDatabase;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.MountPoints;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Passes that have ended, with all their problems. Thread-safe.
 *
 * <p>Keeps the last {@value #PASSES_KEPT} passes of each volume, and of the last {@value
 * #PROBLEM_PASSES_KEPT} of them every problem.
 */
public final class PassArchive implements AutoCloseable {
  static final int PASSES_KEPT = 1000;
  static final int PROBLEM_PASSES_KEPT = 10;

  /** What a target says of an entry that it can't look at, be it that it has just gone. */
  private static final String NOT_PERMITTED = "not-permitted";

  private static final int SETTLED_PROBLEMS_MAX = 10_000;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE pass (
            volume TEXT NOT NULL, pass INTEGER NOT NULL, report BLOB NOT NULL,
            PRIMARY KEY (volume, pass)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE problem (
            volume TEXT NOT NULL, pass INTEGER NOT NULL,
            path BLOB NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL
          ) STRICT\
          """,
          "CREATE INDEX problem_by_path ON problem (volume, pass, path)",
          """
          CREATE TABLE notice (
            volume TEXT NOT NULL, pass INTEGER NOT NULL, slug TEXT NOT NULL, message TEXT NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE volume (
            name TEXT PRIMARY KEY, next_pass INTEGER NOT NULL, generation INTEGER NOT NULL, seed INTEGER NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE mount_point (
            volume TEXT NOT NULL, path BLOB NOT NULL, PRIMARY KEY (volume, path)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE difference (
            volume TEXT NOT NULL, pass INTEGER NOT NULL, path BLOB NOT NULL, kind INTEGER NOT NULL,
            trait TEXT NOT NULL, left TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL
          ) STRICT\
          """,
          "CREATE INDEX difference_by_path ON difference (volume, pass, path)",
          "ALTER TABLE volume ADD COLUMN paused_until_millis INTEGER",
          "ALTER TABLE volume ADD COLUMN followed_until_millis INTEGER");

  private final StateDatabase database;
  private final DifferenceTable differences;

  private PassArchive(StateDatabase database) {
    this.database = database;
    this.differences = new DifferenceTable(database);
  }

  public static PassArchive open(Path file) throws IOException {
    return new PassArchive(StateDatabase.open(file, SCHEMA));
  }

  /** Hands out the number of the next pass, counted from 1, never twice. */
  public synchronized long nextPass(String volume) throws IOException {
    know(volume);
    long next = number("SELECT next_pass FROM volume WHERE name = ?", volume);
    database.update("UPDATE volume SET next_pass = next_pass + 1 WHERE name = ?", volume);
    return next;
  }

  /** The generation of the volume as the target last named it, 0 if it never did. */
  public long generation(String volume) throws IOException {
    return number("SELECT generation FROM volume WHERE name = ?", volume);
  }

  /**
   * Remembers what the target says of a volume. Another generation is durable when this returns:
   * the target refuses whoever comes back with an older one.
   */
  public void met(String volume, long generation, long seed) throws IOException {
    know(volume);
    if (generation(volume) != generation) {
      database.updateDurably(
          "UPDATE volume SET generation = ?, seed = ? WHERE name = ?", generation, seed, volume);
    } else {
      database.update("UPDATE volume SET seed = ? WHERE name = ?", seed, volume);
    }
  }

  private void know(String volume) throws IOException {
    database.update(
        "INSERT OR IGNORE INTO volume (name, next_pass, generation, seed) VALUES (?, 1, 0, 0)",
        volume);
  }

  /**
   * Remembers that a volume is paused.
   *
   * @param until to the millisecond; {@link Instant#MAX} for until it is resumed
   */
  public void pause(String volume, Instant until) throws IOException {
    know(volume);
    long millis = until.equals(Instant.MAX) ? Long.MAX_VALUE : until.toEpochMilli();
    database.update("UPDATE volume SET paused_until_millis = ? WHERE name = ?", millis, volume);
  }

  public void resume(String volume) throws IOException {
    database.update("UPDATE volume SET paused_until_millis = NULL WHERE name = ?", volume);
  }

  /** Up to this moment the target of a volume is known to have everything. */
  public void followed(String volume, Instant until) throws IOException {
    database.update(
        "UPDATE volume SET followed_until_millis = ? WHERE name = ?", until.toEpochMilli(), volume);
  }

  /** The last moment of {@link #followed}. */
  public Optional<Instant> followedUntil(String volume) throws IOException {
    return Optional.of(
            number("SELECT coalesce(followed_until_millis, 0) FROM volume WHERE name = ?", volume))
        .filter(millis -> millis > 0)
        .map(Instant::ofEpochMilli);
  }

  /** Until when a volume was paused, whether that is over or not. */
  public Optional<Instant> pausedUntil(String volume) throws IOException {
    long millis =
        number("SELECT coalesce(paused_until_millis, 0) FROM volume WHERE name = ?", volume);
    if (millis == 0) {
      return Optional.empty();
    }
    return Optional.of(millis == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(millis));
  }

  /** Where something was mounted at earlier passes. */
  public List<TreePath> mountPoints(String volume) throws IOException {
    return database.query(
        row -> TreePath.of(row.getBytes(1)),
        "SELECT path FROM mount_point WHERE volume = ? LIMIT ?",
        volume,
        MountPoints.KEPT_MAX);
  }

  public void addMountPoints(String volume, List<TreePath> paths) throws IOException {
    var rows = new ArrayList<@Nullable Object[]>(paths.size());
    for (TreePath path : paths) {
      rows.add(new @Nullable Object[] {volume, path.toBytes()});
    }
    database.updateAll("INSERT OR IGNORE INTO mount_point VALUES (?, ?)", rows);
  }

  public void forgetMountPoints(String volume) throws IOException {
    database.update("DELETE FROM mount_point WHERE volume = ?", volume);
  }

  private long number(String sql, String volume) throws IOException {
    return database.query(row -> row.getLong(1), sql, volume).stream().findFirst().orElse(0L);
  }

  /** Takes up problems while a pass runs. */
  public void addProblems(String volume, long pass, List<Problem> problems) throws IOException {
    var rows = new ArrayList<@Nullable Object[]>(problems.size());
    for (Problem problem : problems) {
      rows.add(
          new @Nullable Object[] {
            volume, pass, problem.path().toBytes(), problem.reason(), problem.detail()
          });
    }
    database.updateAll("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", rows);
  }

  public void addNotices(String volume, long pass, List<Notice> notices) throws IOException {
    var rows = new ArrayList<@Nullable Object[]>(notices.size());
    for (Notice notice : notices) {
      rows.add(new @Nullable Object[] {volume, pass, notice.slug(), notice.message()});
    }
    database.updateAll("INSERT INTO notice VALUES (?, ?, ?, ?)", rows);
  }

  /** Takes up differences while a pass runs. */
  public void addDifferences(String volume, long pass, List<Difference> found) throws IOException {
    differences.add(volume, pass, found);
  }

  public long differenceCount(String volume, long pass) throws IOException {
    return differences.count(volume, pass);
  }

  /** How many entries changed while they were compared. */
  public long busyCount(String volume, long pass) throws IOException {
    return differences.busyCount(volume, pass);
  }

  /**
   * Differences of a pass in the order of their paths.
   *
   * @param after number of the last one that is known already, 0 to begin
   */
  public List<NumberedDifference> differences(String volume, long pass, long after, int atMost)
      throws IOException {
    return differences.page(volume, pass, after, atMost);
  }

  /** Has differences say no more than that their entries were busy. */
  public void settleDifferences(String volume, long pass, Predicate<Difference> isBusy)
      throws IOException {
    differences.settle(volume, pass, isBusy);
  }

  /** As {@link #settleDifferences}, for entries that were found in the way, or couldn't be. */
  public void settleProblems(String volume, long pass, Predicate<TreePath> isBusy)
      throws IOException {
    List<Problem> found =
        database.query(
            row -> new Problem(TreePath.of(row.getBytes(1)), row.getString(2), row.getString(3)),
            "SELECT DISTINCT path, reason, detail FROM problem WHERE volume = ? AND pass = ?"
                + " AND reason = ? LIMIT ?",
            volume,
            pass,
            NOT_PERMITTED,
            SETTLED_PROBLEMS_MAX);
    for (Problem problem : found) {
      if (isBusy.test(problem.path())) {
        database.update(
            "UPDATE problem SET reason = ?, detail = ? WHERE volume = ? AND pass = ?"
                + " AND path = ? AND reason = ?",
            Problem.BUSY,
            "changed while it was compared: " + problem.detail(),
            volume,
            pass,
            problem.path().toBytes(),
            NOT_PERMITTED);
      }
    }
  }

  /** Forgets what a broken attempt at a pass had found, before the next attempt finds it again. */
  public void discardFindings(String volume, long pass) throws IOException {
    database.update("DELETE FROM problem WHERE volume = ? AND pass = ?", volume, pass);
    database.update("DELETE FROM notice WHERE volume = ? AND pass = ?", volume, pass);
    database.update("DELETE FROM difference WHERE volume = ? AND pass = ?", volume, pass);
  }

  public long problemCount(String volume, long pass) throws IOException {
    return database
        .query(
            row -> row.getLong(1),
            "SELECT count(*) FROM problem WHERE volume = ? AND pass = ?",
            volume,
            pass)
        .getFirst();
  }

  /** Problems of a pass in the order of their paths. */
  public List<Problem> problems(String volume, long pass, long offset, int atMost)
      throws IOException {
    return database.query(
        row -> new Problem(TreePath.of(row.getBytes(1)), row.getString(2), row.getString(3)),
        """
        SELECT path, reason, detail FROM problem WHERE volume = ? AND pass = ?
        ORDER BY path, rowid LIMIT ? OFFSET ?\
        """,
        volume,
        pass,
        atMost,
        offset);
  }

  /** A problem of an entry, or of the nearest directory above it but the root. */
  public Optional<Problem> nearestProblem(String volume, long pass, TreePath path)
      throws IOException {
    for (TreePath at = path; ; at = at.parent()) {
      List<Problem> found =
          database.query(
              row -> new Problem(TreePath.of(row.getBytes(1)), row.getString(2), row.getString(3)),
              "SELECT path, reason, detail FROM problem WHERE volume = ? AND pass = ? AND path = ?"
                  + " ORDER BY rowid LIMIT 1",
              volume,
              pass,
              at.toBytes());
      if (!found.isEmpty()) {
        return Optional.of(found.getFirst());
      }
      if (at.depth() <= 1) {
        return Optional.empty();
      }
    }
  }

  public List<Notice> notices(String volume, long pass) throws IOException {
    return database.query(
        row -> new Notice(row.getString(1), row.getString(2)),
        "SELECT slug, message FROM notice WHERE volume = ? AND pass = ? ORDER BY rowid LIMIT 1000",
        volume,
        pass);
  }

  /** Keeps a report; its problems and notices have been added before. */
  public void record(PassReport report) throws IOException {
    record(report, report.pass());
  }

  /**
   * As {@link #record(PassReport)}.
   *
   * @param oldestUnended of the passes that still find something
   */
  public void record(PassReport report, long oldestUnended) throws IOException {
    database.update(
        "INSERT OR REPLACE INTO pass VALUES (?, ?, ?)",
        report.volume(),
        report.pass(),
        ReportEncoding.encode(report));
    database.update(
        "DELETE FROM pass WHERE volume = ? AND pass <= ?",
        report.volume(),
        report.pass() - PASSES_KEPT);
    long forget = Math.min(oldestUnended, report.pass()) - PROBLEM_PASSES_KEPT;
    database.update("DELETE FROM problem WHERE volume = ? AND pass <= ?", report.volume(), forget);
    database.update("DELETE FROM notice WHERE volume = ? AND pass <= ?", report.volume(), forget);
    database.update(
        "DELETE FROM difference WHERE volume = ? AND pass <= ?", report.volume(), forget);
  }

  /** Reports of a volume, the newest first. */
  public List<PassReport> reports(String volume, int atMost) throws IOException {
    var reports = new ArrayList<PassReport>();
    for (byte[] encoded :
        database.query(
            row -> row.getBytes(1),
            "SELECT report FROM pass WHERE volume = ? ORDER BY pass DESC LIMIT ?",
            volume,
            atMost)) {
      reports.add(withFindings(ReportEncoding.decode(encoded)));
    }
    return reports;
  }

  /** The last report of one of these purposes, among the latest. */
  public Optional<PassReport> lastReport(String volume, Purpose... purposes) throws IOException {
    List<Purpose> wanted = List.of(purposes);
    for (byte[] encoded :
        database.query(
            row -> row.getBytes(1),
            "SELECT report FROM pass WHERE volume = ? ORDER BY pass DESC LIMIT ?",
            volume,
            PASSES_KEPT)) {
      PassReport report = ReportEncoding.decode(encoded);
      if (wanted.contains(report.purpose())) {
        return Optional.of(withFindings(report));
      }
    }
    return Optional.empty();
  }

  public Optional<PassReport> report(String volume, long pass) throws IOException {
    List<byte[]> rows =
        database.query(
            row -> row.getBytes(1),
            "SELECT report FROM pass WHERE volume = ? AND pass = ?",
            volume,
            pass);
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(withFindings(ReportEncoding.decode(rows.getFirst())));
  }

  private PassReport withFindings(PassReport report) throws IOException {
    return report.withFindings(
        problems(report.volume(), report.pass(), 0, PassReport.PROBLEMS_LISTED_MAX),
        notices(report.volume(), report.pass()));
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
