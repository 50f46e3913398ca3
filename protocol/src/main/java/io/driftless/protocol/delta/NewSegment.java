package io.driftless.protocol.delta;

import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of one segment: compares it with what the target has, and says how it comes
 * from there. Keeps 16 bytes for every {@link BlockSize#LEAF_BYTES}, and no bytes. Confined to one
 * thread at a time.
 *
 * <p>In this order: {@link #compare} what {@link #toCompare} names; {@link #refine}, and if that
 * asks something, wait for the answer; {@link #begin}; {@link #feed} and {@link #hole} while
 * something is {@link #wanted}; {@link #finish}. What was compared and equal is not wanted again.
 */
public final class NewSegment {
  private final Compare question;
  private final Range available;
  private final StrongHash hash;
  private final Pursuit pursuit;
  private final LeafHashes leaves;
  private @Nullable Differences differences;
  private @Nullable SegmentEncoder encoder;

  /**
   * @param fileBytes size of the new version: nothing is read beyond
   * @param pursuit of this file
   */
  public NewSegment(Compare question, long fileBytes, StrongHash hash, Pursuit pursuit) {
    this.question = question;
    this.hash = hash;
    this.pursuit = pursuit;
    this.available = upTo(fileBytes, question.segment());
    this.leaves = new LeafHashes(upTo(fileBytes, question.expected()), hash);
  }

  private static Range upTo(long end, Range range) {
    return new Range(range.from(), Math.max(0, Math.min(range.end(), end) - range.from()));
  }

  /** The bytes of the new version that the question is about. */
  public Range toCompare() {
    return leaves.range();
  }

  /**
   * Hashes bytes of the new version, in any portions that begin at leaves: at the beginning of
   * {@link #toCompare}, or multiples of {@link BlockSize#LEAF_BYTES} from there. What is not handed
   * over, a hole, differs.
   *
   * @param offset of the bytes in the file
   */
  public void compare(long offset, MemorySegment bytes) {
    leaves.hash(offset, bytes);
  }

  /** What else the source has to know; perhaps nothing. */
  public Refine refine() {
    differences = new Differences(question, available, leaves, hash, pursuit);
    return differences.refine();
  }

  /**
   * Begins the delta.
   *
   * @param answer to {@link #refine}
   * @param literals receives them while the segment is fed
   * @throws DeltaException.Illegal if it does not answer what was asked
   */
  public void begin(Refined answer, Literals literals) throws DeltaException {
    if (differences == null) {
      throw new IllegalStateException("nothing was compared yet");
    }
    var parts = differences.parts(answer, hash);
    var writer = new DeltaWriter(available.from(), Delta.RUNS_MAX, hash, literals);
    RollingSearch search =
        answer
            .window()
            .map(window -> new RollingSearch(new BlockIndex(window), hash, writer, leaves))
            .orElse(null);
    encoder = new SegmentEncoder(parts, question.displacement(), leaves, writer, search);
  }

  /** Begins the delta where there was nothing to ask. */
  public void begin(Literals literals) throws DeltaException {
    begin(Refined.NOTHING, literals);
  }

  /** The bytes that come next; empty when everything has been said. */
  public Optional<Range> wanted() {
    return encoder().wanted();
  }

  /**
   * Encodes bytes that begin where {@link #wanted} does and do not reach beyond it.
   *
   * @param bytes at least {@link BlockSize#BYTES_MAX} if the stretch goes on, else it may come to
   *     nothing
   * @param then whether more data follows; the end of what is wanted is an end anyway
   * @return bytes that are done with; the rest, less than a block, is wanted again
   */
  public long feed(MemorySegment bytes, Stretch then) {
    return encoder().feed(bytes, then);
  }

  /** Whether a delta of so many runs already takes a hole; if not, it is fed as zeros. */
  public boolean takesHoles() {
    return encoder().takesHoles();
  }

  /** Says that a hole begins where {@link #wanted} does; it ends within the segment. */
  public void hole(long length) {
    encoder().hole(length);
  }

  /** How many runs there are that nobody has taken. */
  public int runs() {
    return encoder().runs();
  }

  /** Hands over the beginning of a delta that grows long; its digest means nothing. */
  public Delta take() {
    return encoder().take();
  }

  /**
   * The delta, or what was not taken of it, as far as it came: if bytes are still wanted, the file
   * has shrunk.
   */
  public Delta finish() {
    Delta delta = encoder().finish();
    encoder().report(pursuit);
    return delta;
  }

  private SegmentEncoder encoder() {
    if (encoder == null) {
      throw new IllegalStateException("the delta has not begun");
    }
    return encoder;
  }
}
