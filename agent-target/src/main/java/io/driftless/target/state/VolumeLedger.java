package io.driftless.target.state;

import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.state.StateDatabase;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Population;
import io.driftless.target.session.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The target's persistent facts about its volumes. Thread-safe. */
public final class VolumeLedger implements AutoCloseable {
  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE volume (
            name TEXT PRIMARY KEY,
            agent TEXT,
            generation INTEGER NOT NULL,
            state TEXT NOT NULL,
            since INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            seeded_at INTEGER,
            durable_at INTEGER
          ) STRICT\
          """,
          """
          CREATE TABLE poisoned (
            volume TEXT NOT NULL,
            path BLOB NOT NULL,
            PRIMARY KEY (volume, path)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE audit (
            at INTEGER NOT NULL,
            volume TEXT NOT NULL,
            event TEXT NOT NULL,
            detail TEXT NOT NULL
          ) STRICT\
          """,
          "ALTER TABLE volume ADD COLUMN source_root TEXT NOT NULL DEFAULT ''",
          "ALTER TABLE volume ADD COLUMN wrote_at INTEGER",
          """
          CREATE TABLE unproven (
            volume TEXT NOT NULL,
            path BLOB NOT NULL,
            PRIMARY KEY (volume, path)
          ) STRICT, WITHOUT ROWID\
          """,
          "ALTER TABLE volume ADD COLUMN entries INTEGER",
          "ALTER TABLE volume ADD COLUMN files INTEGER",
          "ALTER TABLE volume ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
          "ALTER TABLE volume ADD COLUMN quiet_at INTEGER",
          "ALTER TABLE volume ADD COLUMN oldest_admitted INTEGER NOT NULL DEFAULT 1",
          """
          CREATE TABLE pass (
            volume TEXT NOT NULL,
            role TEXT NOT NULL,
            number INTEGER NOT NULL,
            source TEXT NOT NULL,
            below TEXT NOT NULL,
            began INTEGER NOT NULL,
            ended INTEGER,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL,
            problems INTEGER NOT NULL,
            PRIMARY KEY (volume, role)
          ) STRICT, WITHOUT ROWID\
          """);
  private static final int AUDIT_ROWS_MAX = 100_000;

  /** The two passes that are remembered of a volume. */
  private static final String WHOLE = "whole";

  private static final String LATEST = "latest";

  private final StateDatabase database;
  private final InstantSource clock;
  private final SecureRandom random;

  private VolumeLedger(StateDatabase database, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.clock = clock;
    this.random = random;
  }

  public static VolumeLedger open(Path file, InstantSource clock, SecureRandom random)
      throws IOException {
    return new VolumeLedger(StateDatabase.open(file, SCHEMA), clock, random);
  }

  /**
   * What is known about a volume.
   *
   * @param agent id of the agent that brings it
   * @param generation counts who may write; raised when a source loses that right
   * @param oldestAdmitted the oldest generation that a source may know; 0 as long as it may know
   *     any
   * @param seed of the hashes that both agents use for it
   * @param seededAt when a pass onto it first succeeded
   * @param durableAt up to when its content is known to be durable
   * @param wroteAt when this agent last wrote to it; empty while it does, and where it never did
   * @param sourceRoot what the source's root was at the last good pass, empty before the first
   * @param release where the volume is released
   */
  public record VolumeFacts(
      String name,
      Optional<String> agent,
      long generation,
      long oldestAdmitted,
      VolumeState state,
      Instant since,
      long seed,
      Optional<Instant> seededAt,
      Optional<Instant> durableAt,
      Optional<Instant> wroteAt,
      String sourceRoot,
      Optional<Release> release) {
    public Standing standing() {
      return seededAt.isPresent() ? Standing.SEEDED : Standing.NEVER_SEEDED;
    }
  }

  /** The facts of a volume; a volume that is met for the first time begins as an empty replica. */
  public synchronized VolumeFacts factsOf(String volume) throws IOException {
    Optional<VolumeFacts> known = find(volume);
    if (known.isPresent()) {
      return known.get();
    }
    database.update(
        "INSERT INTO volume (name, generation, state, since, seed) VALUES (?, 1, ?, ?, ?)",
        volume,
        VolumeState.REPLICA.name(),
        clock.millis(),
        random.nextLong());
    return find(volume).orElseThrow();
  }

  private Optional<VolumeFacts> find(String volume) throws IOException {
    return database
        .query(VolumeLedger::readFacts, "SELECT * FROM volume WHERE name = ?", volume)
        .stream()
        .findFirst();
  }

  private static VolumeFacts readFacts(ResultSet row) throws SQLException {
    return new VolumeFacts(
        row.getString("name"),
        Optional.ofNullable(row.getString("agent")),
        row.getLong("generation"),
        row.getLong("oldest_admitted"),
        VolumeState.valueOf(row.getString("state")),
        Instant.ofEpochMilli(row.getLong("since")),
        row.getLong("seed"),
        instant(row, "seeded_at"),
        instant(row, "durable_at"),
        instant(row, "wrote_at"),
        row.getString("source_root"),
        readRelease(row));
  }

  private static Optional<Release> readRelease(ResultSet row) throws SQLException {
    if (VolumeState.valueOf(row.getString("state")) != VolumeState.RELEASED) {
      return Optional.empty();
    }
    return Optional.of(
        new Release(
            Instant.ofEpochMilli(row.getLong("since")),
            row.getString("reason"),
            instant(row, "quiet_at")));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /** Binds a volume to the agent that brings it from now on. */
  public void bind(String volume, String agentId) throws IOException {
    database.update("UPDATE volume SET agent = ? WHERE name = ?", agentId, volume);
    audit(volume, "bound", agentId);
  }

  /**
   * Takes the right to write from all sources, durably. A volume that is released stays so, since
   * when and why it was.
   */
  public synchronized void release(String volume, String reason) throws IOException {
    factsOf(volume);
    int released =
        database.updateDurably(
            "UPDATE volume SET state = ?, since = ?, reason = ?, quiet_at = NULL,"
                + " generation = generation + 1 WHERE name = ? AND state <> ?",
            VolumeState.RELEASED.name(),
            clock.millis(),
            reason,
            volume,
            VolumeState.RELEASED.name());
    if (released > 0) {
      audit(volume, "released", reason);
    }
  }

  /** The volumes that are released, by name. */
  public Map<String, Release> releases() throws IOException {
    return database
        .query(
            VolumeLedger::readFacts,
            "SELECT * FROM volume WHERE state = ?",
            VolumeState.RELEASED.name())
        .stream()
        .collect(
            Collectors.toUnmodifiableMap(
                VolumeFacts::name, facts -> facts.release().orElseThrow()));
  }

  /** The agent has written to a released volume for the last time. Durable. */
  public void quiet(String volume, Instant moment) throws IOException {
    database.updateDurably(
        "UPDATE volume SET quiet_at = ? WHERE name = ? AND state = ?",
        moment.toEpochMilli(),
        volume,
        VolumeState.RELEASED.name());
  }

  /**
   * Lets the volume's source write again, whichever generation it knows. Durable.
   *
   * @param written whether somebody wrote to it meanwhile: then nothing is taken for equal that
   *     isn't proved to be
   */
  public synchronized void reclaim(String volume, Written written) throws IOException {
    factsOf(volume);
    if (written == Written.SOMETHING) {
      doubt(volume, List.of(TreePath.ROOT));
    }
    database.updateDurably(
        "UPDATE volume SET state = ?, since = ?, reason = '', quiet_at = NULL, oldest_admitted = 0"
            + " WHERE name = ?",
        VolumeState.REPLICA.name(),
        clock.millis(),
        volume);
    audit(volume, "reclaimed", written.name());
  }

  /** The source knows the generation of today: whoever knows an older one is another, or a copy. */
  public void requireCurrent(String volume) throws IOException {
    database.updateDurably("UPDATE volume SET oldest_admitted = generation WHERE name = ?", volume);
  }

  /** A pass that writes has begun. */
  public void passBegan(String volume, PassRecord pass) throws IOException {
    keep(volume, LATEST, pass);
  }

  /** A pass that writes has come to an end. */
  public void passEnded(String volume, PassRecord pass) throws IOException {
    keep(volume, LATEST, pass);
    if (pass.isWhole()) {
      keep(volume, WHOLE, pass);
    }
  }

  private void keep(String volume, String role, PassRecord pass) throws IOException {
    database.update(
        "INSERT OR REPLACE INTO pass VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        volume,
        role,
        pass.number(),
        pass.source(),
        pass.below(),
        pass.began().toEpochMilli(),
        pass.ended().map(Instant::toEpochMilli).orElse(null),
        pass.outcome(),
        pass.detail(),
        pass.problems());
  }

  /** The last pass that brought over all that the source had. */
  public Optional<PassRecord> lastWholePass(String volume) throws IOException {
    return pass(volume, WHOLE);
  }

  /** The last pass that wrote, or began to. */
  public Optional<PassRecord> latestPass(String volume) throws IOException {
    return pass(volume, LATEST);
  }

  private Optional<PassRecord> pass(String volume, String role) throws IOException {
    return database
        .query(
            VolumeLedger::readPass,
            "SELECT * FROM pass WHERE volume = ? AND role = ?",
            volume,
            role)
        .stream()
        .findFirst();
  }

  private static PassRecord readPass(ResultSet row) throws SQLException {
    return new PassRecord(
        row.getLong("number"),
        row.getString("source"),
        row.getString("below"),
        Instant.ofEpochMilli(row.getLong("began")),
        instant(row, "ended"),
        row.getString("outcome"),
        row.getString("detail"),
        row.getLong("problems"));
  }

  /** Everything that could be carried of what the source had when this pass began is durable. */
  public void passSucceeded(String volume, Instant asOf) throws IOException {
    database.update("UPDATE volume SET durable_at = ? WHERE name = ?", asOf.toEpochMilli(), volume);
  }

  /** From now on the agent may write to a volume. */
  public void writing(String volume) throws IOException {
    database.update("UPDATE volume SET wrote_at = NULL WHERE name = ?", volume);
  }

  /**
   * The agent no longer writes to a volume: what changes there from then on, others have changed.
   */
  public void wrote(String volume, Instant until) throws IOException {
    database.update(
        "UPDATE volume SET wrote_at = ? WHERE name = ?", until.toEpochMilli() + 1, volume);
  }

  /** A pass has seen all of the source and all of the target: from now on nothing is foreign. */
  public void seeded(String volume, String sourceRoot, Population population) throws IOException {
    database.update(
        "UPDATE volume SET seeded_at = coalesce(seeded_at, ?), source_root = ?, entries = ?,"
            + " files = ? WHERE name = ?",
        clock.millis(),
        sourceRoot,
        population.entries(),
        population.files(),
        volume);
  }

  /** How much there was of a volume when all of it was last seen. */
  public Optional<Population> population(String volume) throws IOException {
    return database
        .query(
            row -> new Population(row.getLong(1), row.getLong(2)),
            "SELECT entries, files FROM volume WHERE name = ? AND entries IS NOT NULL",
            volume)
        .stream()
        .findFirst();
  }

  /** Entries that must be transferred again without being compared. */
  public Set<TreePath> poisoned(String volume) throws IOException {
    return paths("SELECT path FROM poisoned WHERE volume = ?", volume);
  }

  public void poison(String volume, List<TreePath> paths) throws IOException {
    database.updateAll(
        "INSERT OR IGNORE INTO poisoned (volume, path) VALUES (?, ?)", rows(volume, paths));
    audit(volume, "poisoned", paths.size() + " entries");
  }

  /** These entries are durable after all. */
  public void healed(String volume, List<TreePath> paths) throws IOException {
    database.updateAll("DELETE FROM poisoned WHERE volume = ? AND path = ?", rows(volume, paths));
  }

  /** Directories whose content is to be compared, whatever their metadata. */
  public Set<TreePath> unproven(String volume) throws IOException {
    return paths("SELECT path FROM unproven WHERE volume = ?", volume);
  }

  public void doubt(String volume, List<TreePath> paths) throws IOException {
    database.updateAll(
        "INSERT OR IGNORE INTO unproven (volume, path) VALUES (?, ?)", rows(volume, paths));
  }

  /** All content of a volume has been compared. */
  public void proven(String volume) throws IOException {
    database.update("DELETE FROM unproven WHERE volume = ?", volume);
  }

  private Set<TreePath> paths(String query, String volume) throws IOException {
    return database.query(row -> TreePath.of(row.getBytes(1)), query, volume).stream()
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<@Nullable Object[]> rows(String volume, List<TreePath> paths) {
    var rows = new ArrayList<@Nullable Object[]>(paths.size());
    for (TreePath path : paths) {
      rows.add(new @Nullable Object[] {volume, path.toBytes()});
    }
    return rows;
  }

  /** Keeps a trail of what was decided, bounded. */
  public void audit(String volume, String event, String detail) throws IOException {
    database.update("INSERT INTO audit VALUES (?, ?, ?, ?)", clock.millis(), volume, event, detail);
    database.update(
        "DELETE FROM audit WHERE rowid <= (SELECT max(rowid) FROM audit) - ?", AUDIT_ROWS_MAX);
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
