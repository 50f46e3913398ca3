package io.driftless.target.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.TreePath;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a slice of the target. Immutable.
 *
 * <p>As long as both witnesses and the source's digest are the same, the slice is what it was when
 * it was last applied: equal, but for what could not be carried. The tokens tell the same of single
 * files: each stands for a name, its version on the source and its version here, of which the
 * contents were equal.
 */
public final class SliceRecord {
  /** The slice as a whole was not equal, or might change unnoticed. */
  static final long VOID = 0;

  /** What is remembered where nothing may be trusted: no content is known to be the same. */
  public static final SliceRecord NOTHING =
      new SliceRecord(VOID, 0, Digest.EMPTY, new long[0], List.of());

  private static final int UNMET_MAX = 1 << 16;

  private final long witness;
  private final long sourceWitness;
  private final Digest sourceDigest;
  private final long[] tokens;
  private final List<Unmet> unmet;

  /** Something that could not be carried, as it was told. */
  record Unmet(byte[] path, String reason, String detail) {}

  /**
   * A record.
   *
   * @param witness of the target, {@link #VOID} where only the tokens hold
   * @param tokens in any order; handed over
   */
  SliceRecord(
      long witness, long sourceWitness, Digest sourceDigest, long[] tokens, List<Unmet> unmet) {
    this.witness = witness;
    this.sourceWitness = sourceWitness;
    this.sourceDigest = sourceDigest;
    this.tokens = tokens;
    this.unmet = List.copyOf(unmet);
    Arrays.sort(tokens);
  }

  /** Tells whether the slice is equal although nothing but the status of its entries was read. */
  public boolean holds(long witnessHere, long offeredWitness, Digest offeredDigest) {
    return witness != VOID
        && witness == witnessHere
        && sourceWitness == offeredWitness
        && sourceDigest.equals(offeredDigest);
  }

  /** What the source offered when the slice was equal. */
  public Digest sourceDigest() {
    return sourceDigest;
  }

  /** The same for a slice whose directory was renamed, perhaps with one that holds it. */
  SliceRecord moved(TreePath from, TreePath to) {
    List<Unmet> there =
        unmet.stream()
            .map(one -> new Unmet(moved(one.path, from, to), one.reason, one.detail))
            .toList();
    return new SliceRecord(witness, sourceWitness, sourceDigest, tokens.clone(), there);
  }

  private static byte[] moved(byte[] path, TreePath from, TreePath to) {
    TreePath moved = TreePath.of(path);
    return (moved.equals(from) ? to : to.resolve(moved.name())).toBytes();
  }

  boolean hasToken(long token) {
    return Arrays.binarySearch(tokens, token) >= 0;
  }

  List<Unmet> unmet() {
    return unmet;
  }

  ByteBuffer encode() {
    int bytes = 5 * Long.BYTES + tokens.length * Long.BYTES + Integer.BYTES;
    for (Unmet one : unmet) {
      bytes += 3 * Integer.BYTES + one.path.length + textBytes(one.reason) + textBytes(one.detail);
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.putLong(witness).putLong(sourceWitness);
    out.putLong(sourceDigest.high()).putLong(sourceDigest.low()).putLong(tokens.length);
    for (long token : tokens) {
      out.putLong(token);
    }
    out.putInt(unmet.size());
    for (Unmet one : unmet) {
      put(one.path, out);
      put(one.reason.getBytes(UTF_8), out);
      put(one.detail.getBytes(UTF_8), out);
    }
    return out.flip();
  }

  private static int textBytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static void put(byte[] bytes, ByteBuffer out) {
    out.putInt(bytes.length).put(bytes);
  }

  /** Reads a record; null if it is none. */
  static @Nullable SliceRecord decode(@Nullable ByteBuffer in) {
    try {
      return in == null ? null : read(in);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static SliceRecord read(ByteBuffer in) {
    long witness = in.getLong();
    long sourceWitness = in.getLong();
    var digest = new Digest(in.getLong(), in.getLong());
    long[] tokens = new long[count(in.getLong(), in.remaining() / Long.BYTES)];
    in.asLongBuffer().get(tokens);
    in.position(in.position() + tokens.length * Long.BYTES);
    int count = count(in.getInt(), UNMET_MAX);
    var unmet = new ArrayList<Unmet>();
    for (int i = 0; i < count; i++) {
      unmet.add(new Unmet(bytes(in), text(in), text(in)));
    }
    return new SliceRecord(witness, sourceWitness, digest, tokens, unmet);
  }

  private static int count(long count, int countMax) {
    if (count < 0 || count > countMax) {
      throw new IllegalArgumentException("%d of something".formatted(count));
    }
    return (int) count;
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[count(in.getInt(), in.remaining())];
    in.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), UTF_8);
  }
}
