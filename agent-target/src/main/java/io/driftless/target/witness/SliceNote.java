package io.driftless.target.witness;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.witness.WitnessSum;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of one slice while it is applied: what the source listed, and of which files the
 * content is known to be the same. Belongs to one thread at a time.
 */
public final class SliceNote {
  /** An entry whose record did not say what it is. */
  static final byte GAP = 0;

  static final byte DIRECTORY = 1;

  /** No regular file: all of it is metadata. */
  static final byte OTHER = 2;

  /** A regular file whose content is not known to be the same. */
  static final byte UNSURE = 3;

  /** A regular file whose content is that of this version on the source. */
  static final byte SAME = 4;

  private static final int DOUBTFUL = 1;
  private static final int LINKED = 2;
  private static final int ENTRY_BYTES = 4 * Long.BYTES + 1;
  private static final int HEAD_BYTES = 5 * Long.BYTES + 1;

  private final SeededHash hash;
  private final @Nullable SliceRecord known;
  private final SliceDigest digests;
  private long sourceWitness;
  private Digest sourceDigest = Digest.EMPTY;
  private long self;
  private boolean doubtful;
  private boolean linked;
  private int count;
  private long[] names = new long[16];
  private long[] versions = new long[16];
  private long[] expected = new long[16];
  private long[] heres = new long[16];
  private byte[] states = new byte[16];

  SliceNote(SeededHash hash, @Nullable SliceRecord known) {
    this.hash = hash;
    this.known = known;
    this.digests = new SliceDigest(hash);
  }

  /**
   * Tells whether the content of a file must be compared although its metadata is the same: on one
   * of the sides it is not the file any more of which this was known.
   */
  public boolean isSuspect(Name name, long version, FileStatus here) {
    return known != null
        && !known.hasToken(
            token(hash.hash64(name), FileVersion.plain(version), FileVersion.of(here)));
  }

  static long token(long nameHash, long version, long versionHere) {
    return WitnessSum.mixed(WitnessSum.mixed(nameHash, version), versionHere);
  }

  /**
   * The directory itself was listed.
   *
   * @param wanted in the target's terms
   */
  public void self(Entry listed, Metadata wanted) {
    sourceWitness += WitnessSum.of(hash, null, FileVersion.plain(listed.version()));
    sourceDigest = sourceDigest.plus(digests.of(listed));
    self = expectation(listed.name(), wanted);
  }

  /** An entry was listed, in the order of the indices. */
  public void listed(Entry entry, Metadata wanted) {
    int index = append();
    Name name = entry.requireName();
    names[index] = hash.hash64(name);
    versions[index] = FileVersion.plain(entry.version());
    linked |= entry.linkRole() != LinkRole.ONLY;
    sourceWitness += WitnessSum.of(hash, name, versions[index]);
    sourceDigest = sourceDigest.plus(digests.of(entry));
    if (EntryCodec.isNameOnly(entry)) {
      states[index] = DIRECTORY;
      return;
    }
    states[index] = entry.kind() == Kind.REGULAR ? UNSURE : OTHER;
    expected[index] = expectation(name, wanted);
  }

  /** A record did not say which entry it is about. */
  public void gap() {
    states[append()] = GAP;
    doubtful = true;
  }

  private int append() {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      versions = Arrays.copyOf(versions, 2 * count);
      expected = Arrays.copyOf(expected, 2 * count);
      heres = Arrays.copyOf(heres, 2 * count);
      states = Arrays.copyOf(states, 2 * count);
    }
    return count++;
  }

  /** The content of a file is about to become that of a version of the source. */
  public void brought(int index, Entry entry, Metadata wanted) {
    same(index, entry, wanted, 0);
  }

  /** A file was found to be equal, and stays as it is here. */
  public void equal(int index, Entry entry, Metadata wanted, FileStatus here) {
    same(index, entry, wanted, FileVersion.of(here));
  }

  private void same(int index, Entry entry, Metadata wanted, long versionHere) {
    if (index < 0 || index >= count || states[index] < UNSURE) {
      doubtful = true;
      return;
    }
    if (versions[index] != FileVersion.plain(entry.version())) {
      doubtful = true; // it changed since it was listed
      versions[index] = FileVersion.plain(entry.version());
      expected[index] = expectation(entry.requireName(), wanted);
    }
    heres[index] = versionHere;
    states[index] = FileVersion.isYoung(entry.version()) ? UNSURE : SAME;
  }

  /** A file came anew, or did not: what was known of it no longer counts. */
  public void changed(int index) {
    if (index >= 0 && index < count && states[index] == SAME) {
      states[index] = UNSURE;
    }
  }

  /** Something about the slice is not as it was listed. */
  public void doubt() {
    doubtful = true;
  }

  private long expectation(@Nullable Name name, Metadata wanted) {
    return expectation(digests, name, wanted);
  }

  static long expectation(SliceDigest digests, @Nullable Name name, Metadata metadata) {
    Digest digest = digests.of(new Entry(name, metadata, LinkRole.ONLY, 0));
    return digest.high() ^ Long.rotateLeft(digest.low(), 17);
  }

  /** As bytes, for {@link Noted}. */
  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + count * ENTRY_BYTES);
    out.putLong(sourceWitness).putLong(sourceDigest.high()).putLong(sourceDigest.low());
    out.putLong(self)
        .putLong(count)
        .put((byte) ((doubtful ? DOUBTFUL : 0) | (linked ? LINKED : 0)));
    for (int i = 0; i < count; i++) {
      out.putLong(names[i]).putLong(versions[i]).putLong(expected[i]);
      out.putLong(heres[i]).put(states[i]);
    }
    return out.flip();
  }

  /** A note as it was written down, to be looked up by the hashes of names. */
  static final class Noted {
    private final ByteBuffer bytes;
    private final int count;
    private final int[] table;

    Noted(ByteBuffer bytes) {
      this.bytes = bytes;
      this.count = (int) bytes.getLong(4 * Long.BYTES);
      this.table = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
      for (int i = 0; i < count; i++) {
        if (state(i) != GAP) {
          table[slotOf(name(i))] = i + 1;
        }
      }
    }

    private int slotOf(long name) {
      int slot = (int) (name >>> 20) & table.length - 1;
      while (table[slot] != 0 && name(table[slot] - 1) != name) {
        slot = slot + 1 & table.length - 1;
      }
      return slot;
    }

    /** Where the entry with this name is; -1 if it was not listed. */
    int find(long nameHash) {
      return table[slotOf(nameHash)] - 1;
    }

    int count() {
      return count;
    }

    long sourceWitness() {
      return bytes.getLong(0);
    }

    Digest sourceDigest() {
      return new Digest(bytes.getLong(Long.BYTES), bytes.getLong(2 * Long.BYTES));
    }

    long self() {
      return bytes.getLong(3 * Long.BYTES);
    }

    boolean isDoubtful() {
      return (bytes.get(HEAD_BYTES - 1) & DOUBTFUL) != 0;
    }

    /** Whether one of its files has further names at the source. */
    boolean isLinked() {
      return (bytes.get(HEAD_BYTES - 1) & LINKED) != 0;
    }

    private int at(int index) {
      return HEAD_BYTES + index * ENTRY_BYTES;
    }

    private long name(int index) {
      return bytes.getLong(at(index));
    }

    long version(int index) {
      return bytes.getLong(at(index) + Long.BYTES);
    }

    long expected(int index) {
      return bytes.getLong(at(index) + 2 * Long.BYTES);
    }

    /** The version that the file must have had here all the time; 0 for any. */
    long versionHere(int index) {
      return bytes.getLong(at(index) + 3 * Long.BYTES);
    }

    byte state(int index) {
      return bytes.get(at(index) + 4 * Long.BYTES);
    }
  }
}
