package io.driftless.target.session;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.witness.SliceNote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One slice on its way. Everything that isn't final belongs to its mailbox, but for the window's
 * count, which belongs to {@link Slices}.
 */
final class Slice {
  final long number;
  final TreePath directory;
  final Scope scope;
  final @Nullable Offer offer;
  final Mailbox mailbox;
  final Question question;

  /** Counted against the window of entries; guarded by {@link Slices}. */
  int windowEntries;

  int parts;
  int nextIndex;
  boolean listed;
  Completeness completeness = Completeness.COMPLETE;

  /** A record did not say which entry it is about. */
  boolean hasGap;

  /** Something is in the way of the whole directory. */
  boolean refused;

  /** Of an offered slice: how many entries the target had. */
  int entriesHere;

  private int entriesMet;
  private int lastMet = -1;

  /** Its content isn't trusted, whatever its metadata. */
  boolean unproven;

  /** For the next pass; null where nothing is kept. */
  @Nullable SliceNote note;

  final Set<Name> names = new HashSet<>();

  /** New names whose content isn't asked for before it is known what vanished. */
  final Map<Integer, Entry> newcomers = new LinkedHashMap<>();

  /** What a complete listing left out has been noted. */
  boolean searched;

  /** Entries whose record was asked for, with what the question costs. */
  final Map<Integer, Wanted> wanted = new HashMap<>();

  final Map<Integer, LargeFile> largeFiles = new HashMap<>();

  /** Files that are being examined on both sides. */
  final Map<Integer, FileComparison.Pair> pairs = new HashMap<>();

  /** Those of them about which nobody has been asked yet. */
  final List<Integer> unexamined = new ArrayList<>();

  Slice(
      long number,
      TreePath directory,
      Scope scope,
      @Nullable Offer offer,
      Mailbox mailbox,
      Question question) {
    this.number = number;
    this.directory = directory;
    this.scope = scope;
    this.offer = offer;
    this.mailbox = mailbox;
    this.question = question;
  }

  /** The listing names everything that the source has. */
  boolean isComplete() {
    return completeness == Completeness.COMPLETE && !hasGap;
  }

  /**
   * Takes note of what the target had when an entry was listed. Each is counted once, however often
   * it is tried for lack of room. Directories are none of them: one that is here may have been made
   * by this pass.
   */
  void met(int index, @Nullable FileStatus here) {
    if (index > lastMet && here != null && !here.isDirectory()) {
      entriesMet++;
    }
    lastMet = Math.max(lastMet, index);
  }

  /** Whether all that the target had was listed; false also if that isn't sure. */
  boolean isAllMet() {
    return entriesHere <= entriesMet;
  }

  /**
   * An entry that was asked for.
   *
   * @param cost counted against the window of content
   * @param versionHere of the file here whose content the source compares first; 0 if it doesn't
   * @param from the other name that this file has here, if it has
   */
  record Wanted(Name name, long cost, long versionHere, @Nullable TreePath from) {
    Wanted(Name name, long cost, long versionHere) {
      this(name, cost, versionHere, null);
    }

    boolean isCompared() {
      return versionHere != 0;
    }
  }

  /** The content of a file is about to become that of this entry of the source. */
  void brought(int index, Entry entry, Metadata wanted) {
    if (note != null) {
      note.brought(index, entry, wanted);
    }
  }

  boolean isOffered() {
    return offer != null;
  }

  /** Everything of it has been listed and staged. */
  boolean isStaged() {
    return isAtRest() && newcomers.isEmpty();
  }

  /** As {@link #isStaged}, but for new names that wait. */
  boolean isAtRest() {
    return listed && wanted.isEmpty() && largeFiles.isEmpty() && pairs.isEmpty();
  }
}
