package io.driftless.protocol.message;

import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.util.List;

/** The conversation of one pass over a volume, besides content. */
public sealed interface PassMessage extends Message {
  /** How entries on the target that the source does not have are treated. */
  enum Deletes {
    /** By the guards. */
    GUARDED,
    /** The administrator allows as many as {@link BeginPass#deletesMax}. */
    ALLOWED
  }

  /** What becomes of entries on the target that a pattern excludes. */
  enum Excluded {
    /** They stay. */
    PROTECTED,
    /** They are treated as if the source did not have them. */
    DELETED
  }

  /** Whether content is compared where metadata is equal. */
  enum Compare {
    METADATA,
    CONTENT
  }

  /** Whether the target may change anything. */
  enum Effect {
    APPLY,
    /** Nothing; the target tells what a pass would do. */
    DRY_RUN,
    /** It applies, and tells what it does to each entry. */
    ITEMIZE,
    /** Nothing; the target tells all differences, those included that no pass mends. */
    VERIFY;

    /** Whether the target stays as it is. */
    public boolean isNone() {
      return this == DRY_RUN || this == VERIFY;
    }
  }

  /** What a pass goes through. */
  enum Course {
    /** A directory and everything below it. */
    TREE,
    /**
     * What the source knows to have changed, and nothing else: slices of {@link Scope#NAMED},
     * directories that appeared, and {@link DeletionMessage.Missing}.
     */
    CHANGES
  }

  /**
   * Starts a pass.
   *
   * @param number of the pass on the source, counted from 1; of the last one over a tree where the
   *     course is {@link Course#CHANGES}
   * @param below only this part of the volume
   */
  record BeginPass(
      long number,
      Compare compare,
      Effect effect,
      Deletes deletes,
      long deletesMax,
      Excluded excluded,
      Course course,
      TreePath below)
      implements PassMessage {
    /** Whether it goes through all of the volume. */
    public boolean isWhole() {
      return course == Course.TREE && below.isRoot();
    }
  }

  /** What it takes for a slice to be found equal. */
  enum Proof {
    /** The same digest, which says nothing of inodes. */
    DIGEST,
    /**
     * On both sides, nothing has happened to any entry of it since all of it was equal and the
     * files in it had all the names that they have at the source.
     */
    RECORD
  }

  /**
   * The target is ready for offers.
   *
   * @param proof what {@link Finding#EQUAL} will stand on
   */
  record PassBegun(long number, Proof proof) implements PassMessage {}

  /**
   * The digest of one slice.
   *
   * @param slice number of the slice in this pass, counted from 1
   * @param sequence taken by the source before it opened the directory; a later one is newer
   * @param entries in the slice
   * @param witness sum over names and versions, equal as long as nothing in the slice has changed
   *     on the source; {@link #NO_WITNESS} where that can't be told
   */
  record Offer(
      long slice,
      long sequence,
      TreePath directory,
      Scope scope,
      int entries,
      Digest digest,
      long witness) {
    public static final long NO_WITNESS = 0;
  }

  /** Slices by digest; parents before their children. */
  record Offers(List<Offer> offers) implements PassMessage {
    public static final int OFFERS_MAX = 1024;
  }

  enum Finding {
    EQUAL,
    /** The listing follows, under the number of the offer. */
    DIFFERS,
    /** There is no such directory on the target. The listing follows as well, with content. */
    ABSENT,
    /**
     * There is no such directory on the target, which may have it under another name. Nothing of it
     * follows, nor of what lies below it, before the target says {@link Revisit}.
     */
    LATER
  }

  record Verdict(long slice, Finding finding) {}

  /** The answer to {@link Offers}, in any order and grouping. */
  record Verdicts(List<Verdict> verdicts) implements PassMessage {
    public static final int VERDICTS_MAX = 1024;
  }

  /** From the target: everything of these slices is staged; the source may forget them. */
  record SlicesDone(List<Long> slices) implements PassMessage {
    public static final int SLICES_MAX = 1024;
  }

  /** From the target: so many bytes of streamed content are staged. */
  record Staged(long streamedBytes) implements PassMessage {}

  /** From the target: everything up to this epoch survives a power cut. */
  record Acknowledged(long epoch, long entries, long bytes) implements PassMessage {}

  /**
   * From the source: everything has been offered or listed, but for what is left for later.
   *
   * @param slices how many different numbers of slices were used in all
   * @param entries that were met, the root included
   * @param files regular files among them
   */
  record EndOfWalk(long slices, long entries, long files, long unreadableDirectories)
      implements PassMessage {}

  /**
   * From the target, after {@link EndOfWalk}: walk these directories that were left for later, with
   * all that is below them, then end the walk once more.
   *
   * @param verdicts by the slices that hold the directories themselves; {@link Finding#DIFFERS} to
   *     have them offered anew, {@link Finding#ABSENT} to have them listed with content
   */
  record Revisit(List<Verdict> verdicts) implements PassMessage {
    public static final int VERDICTS_MAX = 1024;
  }

  /** From the target: everything that was listed is durable. */
  record WalkApplied() implements PassMessage {}

  /** One item that could not be carried, with the reason. */
  record Problem(TreePath path, String reason, String detail) {
    /** The target lacks a directory of which only some names were listed: it is to be walked. */
    public static final String DIRECTORY_LACKED = "directory-lacked";

    /** What was written could not be made durable: nothing is known of its content. */
    public static final String STORAGE_ERROR = "storage-error";

    /** An entry has no place: its directory could not be made, or is gone. */
    public static final String DIRECTORY_MISSING = "directory-missing";

    /** What was a directory is another kind of entry now. */
    public static final String REPLACED = "replaced";

    /** A file did not hold still while it was read; it comes again. */
    public static final String BUSY = "busy";
  }

  /** Something the administrator should know. */
  record Notice(String slug, String message) {}

  record Problems(List<Problem> problems) implements PassMessage {
    public static final int PROBLEMS_MAX = 1024;
  }

  record Notices(List<Notice> notices) implements PassMessage {
    public static final int NOTICES_MAX = 64;
  }

  /** From the source: stop, keep what is durable. */
  record CancelPass() implements PassMessage {}

  enum Outcome {
    COMPLETE,
    CANCELLED,
    REFUSED,
    FAILED
  }

  /**
   * How large files came of which the target had an older version. One of which nothing could be
   * taken from it counts nowhere here.
   *
   * @param patchedInPlace changed where they lie, under a journal
   * @param cloned built beside the older version, sharing extents with it
   * @param rebuilt built beside the older version, with copies of what it has
   * @param incidents files that were to come so and came whole: the older version changed
   *     meanwhile, or the new one came out otherwise than the source has it
   */
  record Deltas(long patchedInPlace, long cloned, long rebuilt, long incidents) {
    public static final Deltas NONE = new Deltas(0, 0, 0, 0);
  }

  /**
   * What the target did in a pass.
   *
   * @param filesCommitted files whose content was committed, empty ones included
   * @param metadataOnly entries of which only metadata was changed
   * @param created directories, symbolic links, devices, pipes, sockets and hard links that were
   *     made
   */
  record Counters(
      long filesCommitted,
      long filesRenamed,
      long entriesDeleted,
      long metadataOnly,
      long created,
      long literalBytes,
      long matchedBytes,
      long busyFiles,
      long extraEntries,
      Deltas deltas) {
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, Deltas.NONE);
  }

  /**
   * From the target, the last message of a pass: everything before it is durable.
   *
   * @param examples what a guard refused to touch, some of it; short paths only
   */
  record PassResult(
      Outcome outcome,
      Counters counters,
      String slug,
      String message,
      String hint,
      List<TreePath> examples)
      implements PassMessage {
    public static final int EXAMPLES_MAX = 10;

    /** Of a pass that the source has cancelled. */
    public static PassResult cancelled(Counters counters) {
      return new PassResult(
          Outcome.CANCELLED, counters, "cancelled", "cancelled by the source", "", List.of());
    }
  }
}
