package io.driftless.target.witness;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.target.stage.ProblemSink;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the slices of one replica, and what is noted of them during a pass. Thread-safe.
 *
 * <p>Nothing depends on it: where it can't be kept, slices are listed again.
 */
public final class WitnessBook implements AutoCloseable {
  /*
   * How it works. A record of a slice is made after a pass from two things: what the source listed
   * and the pass brought, noted while that was done; and what the volume has then, read anew
   * (Retrospect). Only where the one is the other, the slice counts as equal, under a witness of
   * either side: the sums over names and versions, a version being all that a status can tell,
   * ctime and inode included. In the next pass nothing but statuses is read as long as both
   * witnesses are the same.
   *
   * Where one isn't, something has changed on that side, be it that it can't be seen in the
   * metadata: content that was written with the mtime put back. So the slice is listed, and the
   * record tells by its tokens which of the files are still those whose contents were equal. The
   * others are compared by content.
   *
   * What could not be carried, an attribute that the file system here doesn't have, say, is the one
   * difference that a slice may have and still be equal: it was told as a problem then, is kept with
   * the record, and is told again in each pass as long as the record holds.
   */
  private static final Logger LOG = LoggerFactory.getLogger(WitnessBook.class);

  /** Problems that mean: all is there but for this attribute. */
  private static final Set<String> UNMET =
      Set.of(
          "owner-unsupported",
          "mode-unsupported",
          "attribute-unsupported",
          "attribute-no-room",
          "time-unsupported",
          "flag-unsupported");

  /** Problems that mean: names of one file are not names of one file here. */
  static final Set<String> OF_LINKS = Set.of("link-refused", "links-shared", "too-many-links");

  private final WitnessStore store;
  private final SeededHash hash;
  private final Path scratch;
  private @Nullable PassSpool spool;
  private boolean spoilt;

  /**
   * A book.
   *
   * @param store closed with it
   * @param scratch a directory of the agent's own; nothing stays in it
   */
  public WitnessBook(WitnessStore store, SeededHash hash, Path scratch) {
    this.store = store;
    this.hash = hash;
    this.scratch = scratch;
  }

  /** A book in which nothing is kept. */
  public static WitnessBook none() {
    return new WitnessBook(WitnessStore.none(), new SeededHash(0), Path.of(""));
  }

  static boolean isUnmet(String reason) {
    return UNMET.contains(reason);
  }

  /** Tells whether anything is kept at all. */
  public boolean isOpen() {
    return store.isOpen();
  }

  /** Tells whether equal witnesses prove anything. */
  public boolean isTrusted() {
    return store.isTrusted();
  }

  /** What is known of a slice, or null. */
  public @Nullable SliceRecord find(TreePath directory, Scope scope) {
    return SliceRecord.decode(store.find(store.keyOf(directory, scope)));
  }

  /** What is known of a slice of a directory that was renamed, and is under its new name then. */
  public @Nullable SliceRecord move(TreePath from, TreePath to, Scope scope) {
    SliceRecord known = find(from, scope);
    if (known == null) {
      return null;
    }
    SliceRecord moved = known.moved(from, to);
    store.put(store.keyOf(to, scope), moved.encode());
    return moved;
  }

  /** Tells once more what could not be carried in a slice that is still the same. */
  public void tellUnmet(SliceRecord known, ProblemSink problems) {
    for (SliceRecord.Unmet one : known.unmet()) {
      problems.add(TreePath.of(one.path()), one.reason(), one.detail());
    }
  }

  /** Begins a note of a slice that is to be applied; null where none is kept. */
  public @Nullable SliceNote note(@Nullable SliceRecord known) {
    return isOpen() ? new SliceNote(hash, known) : null;
  }

  /** A slice has been applied as far as it can be. */
  public synchronized void add(TreePath directory, Scope scope, SliceNote note) {
    write(to -> to.add(directory, scope, note.encode()));
  }

  /** Something could not be carried in this pass. */
  public synchronized void problem(TreePath path, String reason, String detail) {
    if (isOpen()) {
      write(to -> to.add(path, reason, detail));
    }
  }

  /** Something that is written to the spool. */
  @FunctionalInterface
  private interface Entry {
    void write(PassSpool to) throws SQLException;
  }

  private void write(Entry entry) {
    if (spoilt) {
      return;
    }
    try {
      if (spool == null) {
        spool = PassSpool.in(scratch);
      }
      entry.write(spool);
    } catch (SQLException e) {
      LOG.warn("this pass leaves no witnesses: {}", e.getMessage());
      spoilt = true;
    }
  }

  /** What was noted in this pass; null where nothing was, or it can't be relied on. */
  synchronized @Nullable PassSpool noted() {
    return spoilt ? null : spool;
  }

  WitnessStore store() {
    return store;
  }

  SeededHash hash() {
    return hash;
  }

  /**
   * A pass over the whole volume has come to its end.
   *
   * @param slices that there were
   */
  public void passEnded(long slices) {
    store.passEnded(slices);
  }

  /** Forgets the notes of a pass. */
  public synchronized void endPass() {
    if (spool != null) {
      spool.close();
    }
    spool = null;
    spoilt = false;
  }

  @Override
  public void close() {
    endPass();
    store.close();
  }
}
