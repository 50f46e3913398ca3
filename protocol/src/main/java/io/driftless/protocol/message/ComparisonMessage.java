package io.driftless.protocol.message;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.util.List;
import java.util.Optional;

/** What files hold on both sides, and how the target's entries differ from the source's. */
public sealed interface ComparisonMessage extends Message {
  /**
   * From the target: what do these regular files hold? Only about entries that were listed.
   *
   * @param blockBytes a power of two to which the ends of data are rounded
   */
  record Examine(long slice, int blockBytes, List<Integer> indices) implements ComparisonMessage {
    public static final int INDICES_MAX = 512;
    public static final int BLOCK_BYTES_MIN = 4096;
    public static final int BLOCK_BYTES_MAX = 1 << 26;
  }

  /**
   * What one file holds.
   *
   * @param version of the file from before and after it was read, see {@code Entry}; 0 if it
   *     changed meanwhile
   * @param sizeBytes of the file
   * @param content only where content is compared, and only where all of it was read
   */
  record Examination(
      int index,
      Reading reading,
      long version,
      long sizeBytes,
      DataLayout layout,
      Optional<ContentSum> content) {}

  /** The answer to {@link Examine}, in any order and grouping. */
  record Examined(long slice, List<Examination> examinations) implements ComparisonMessage {
    public static final int EXAMINATIONS_MAX = 512;
  }

  /**
   * From the target, now and then where content is compared: so many bytes of the files that it
   * asked about it has gone through itself, holes included.
   */
  record GoneThrough(long bytes) implements ComparisonMessage {}

  /** In what an entry differs. */
  enum Trait {
    /** The target lacks it. */
    MISSING,
    /** Only the target has it. */
    EXTRA,
    TYPE,
    CONTENT,
    SIZE,
    MODE,
    OWNER,
    GROUP,
    MTIME,
    ACL,
    XATTR,
    FLAGS,
    LINK_TARGET,
    DEVICE,
    /** The holes of a sparse file are elsewhere. */
    HOLES,
    /** Names that are one file on one side are not on the other. */
    LINKS,
    /** It changed while it was compared, so nothing can be said. */
    BUSY,
    /** The target had it under another name, which is what the difference says of the target. */
    RENAMED
  }

  /** Whether somebody else wrote to the target's entry. */
  enum Left {
    /** It is as the last pass left it, as far as that can be told. */
    UNTOUCHED,
    /** Its ctime is later than the last pass. */
    CHANGED_SINCE
  }

  /**
   * One difference of one entry.
   *
   * @param kind of the entry, on the side that has it
   * @param source what the source has, short; empty where it has nothing
   * @param target what the target has, as well; its whole path under another name, escaped, where
   *     the entry is {@link Trait#RENAMED}
   */
  record Difference(
      TreePath path, Kind kind, Trait trait, Left left, String source, String target) {}

  /** From the target. */
  record Differences(List<Difference> differences) implements ComparisonMessage {
    public static final int DIFFERENCES_MAX = 256;

    /** How many of these messages may be untaken. */
    public static final int OUTSTANDING_MAX = 8;
  }

  /** From the source: one more of {@link Differences} has been kept. */
  record DifferencesTaken() implements ComparisonMessage {}
}
