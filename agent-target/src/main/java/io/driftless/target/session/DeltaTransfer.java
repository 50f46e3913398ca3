package io.driftless.target.session;

import io.driftless.protocol.delta.Alignment;
import io.driftless.protocol.delta.BasisSegment;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.LeafHashes;
import io.driftless.protocol.delta.Patch;
import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.delta.Run;
import io.driftless.protocol.delta.WindowSigner;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.signature.Signature;
import io.driftless.target.stage.Basis;
import io.driftless.target.stage.Draft;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings segments of a large file from the version that is there. Belongs to the mailbox of its
 * slice, but for {@link #expects}.
 */
final class DeltaTransfer implements AutoCloseable {
  /** From here on signing what is there costs less than sending what is new. */
  static final long FILE_BYTES_MIN = 1 << 20;

  private final TreePath path;
  private final Predecessor predecessor;
  private final BlockSize block;
  private final PassParts pass;
  private final Alignment alignment = new Alignment();
  private final Map<Long, Exchange> open = new HashMap<>();
  private @Nullable BasisSigner signer;
  private @Nullable Signature known;
  private boolean steady;
  private long matchedBytes;

  /**
   * A transfer that has not begun.
   *
   * @param path of the new version
   * @param predecessor that it builds on
   * @param bytes of the new version
   */
  DeltaTransfer(TreePath path, Predecessor predecessor, long bytes, PassParts pass) {
    this.path = path;
    this.predecessor = predecessor;
    this.pass = pass;
    int fitting = BlockSize.forFile(Math.max(bytes, predecessor.seen().size())).bytes();
    this.block = new BlockSize(Math.min(DeltaMessage.BLOCK_MAX.bytes(), fitting));
  }

  /** Whether it is worth its while for files of these sizes. */
  static boolean isFor(FileStatus here, long bytes) {
    return here.isRegular() && here.size() >= FILE_BYTES_MIN && bytes >= FILE_BYTES_MIN;
  }

  /** One segment on its way. */
  static final class Exchange {
    private final BasisSegment basis;
    private final BasisSigner signer;
    private final Patch patch;
    private boolean asked;
    private boolean refined;
    private long matchedBytes;

    private Exchange(BasisSegment basis, BasisSigner signer) {
      this.basis = basis;
      this.signer = signer;
      this.patch = basis.patch();
    }

    /** Reads and hashes; may be done beside the mailbox, which then has {@link #ask} done. */
    void sign() throws InterruptedException {
      signer.sign(basis);
    }
  }

  /** Whether the file that it builds on stays as it is, whatever becomes of the new version. */
  boolean isOfAnotherName() {
    return !predecessor.path().equals(path);
  }

  /** Whether there is something at the place where content of this offset is expected. */
  boolean expects(long offset) {
    return offset - alignment.displacement() < predecessor.seen().size();
  }

  /** Whether a segment has told where content is, so that others may be asked for beside it. */
  boolean isSteady() {
    return steady;
  }

  /** Whether an exchange about a segment has begun and not ended. */
  boolean isOpen(long offset) {
    return open.containsKey(offset);
  }

  private @Nullable Exchange asked(long offset) {
    Exchange exchange = open.get(offset);
    return exchange != null && exchange.asked ? exchange : null;
  }

  /** Whether the source was asked for a segment, and has not answered to the end. */
  boolean isAsked(long offset) {
    return asked(offset) != null;
  }

  /** Bytes of all segments that have come and did not travel. */
  long matchedBytes() {
    return matchedBytes;
  }

  /** A hole took the place of segments. */
  void skipped(long bytes) {
    matchedBytes += bytes;
  }

  /**
   * Begins an exchange, which is still to be signed; it stays open until the source has answered,
   * and this with it.
   *
   * @throws BasisLostException and none has begun
   */
  Exchange begin(Range segment) throws IOException, InterruptedException {
    BasisSigner from = signer();
    var basisSegment =
        new BasisSegment(
            segment, alignment.displacement(), from.basis().bytes(), block, pass.hash()::hash128);
    if (known != null) {
      basisSegment.recall(known.leaves(basisSegment.toSign()));
    }
    var exchange = new Exchange(basisSegment, from);
    open.put(segment.from(), exchange);
    return exchange;
  }

  /** What the source is asked once a segment is signed. */
  Compare ask(Exchange signed) {
    signed.asked = true;
    return signed.basis.compare();
  }

  /**
   * What is built on, opened when it is first asked for.
   *
   * @throws BasisLostException if it is another by now
   */
  Basis basis() throws IOException, InterruptedException {
    return signer().basis();
  }

  private BasisSigner signer() throws IOException, InterruptedException {
    if (signer == null) {
      Basis basis = openBasis();
      signer = new BasisSigner(basis, pass);
      known = pass.signatures().find(predecessor.path(), basis.original());
    }
    return signer;
  }

  private Basis openBasis() throws IOException, InterruptedException {
    Basis opened;
    try {
      opened = Basis.of(openFile(), pass.area(), pass.clock());
    } catch (LinuxException e) {
      throw new BasisLostException(e);
    }
    if (opened.bytes() != predecessor.seen().size()) {
      opened.close();
      throw new BasisLostException("another size by now");
    }
    return opened;
  }

  private Fd openFile() throws IOException {
    TreePath from = predecessor.path();
    try (Directory directory = pass.comparer().openIfDirectory(from.parent())) {
      if (directory == null) {
        throw new BasisLostException("its directory is gone");
      }
      Fd file = directory.openForReading(from.name());
      try {
        requireSeen(file.status());
      } catch (IOException e) {
        file.close();
        throw e;
      }
      return file;
    }
  }

  private void requireSeen(FileStatus status) throws BasisLostException {
    if (!status.isRegular() || status.inode() != predecessor.seen().inode()) {
      throw new BasisLostException("it is another file by now");
    }
  }

  /** Whether it has turned out that nothing of this may be used. */
  boolean isLost() {
    return signer != null && signer.isLost();
  }

  /** Answers what else the source has to know. */
  Refined refine(long offset, Refine question) throws IOException, InterruptedException {
    Exchange exchange = asked(offset);
    if (exchange == null || exchange.refined) {
      throw new ProtocolViolation("a question about %s at %d".formatted(path, offset));
    }
    exchange.refined = true;
    try {
      var finer = exchange.basis.finer(question);
      Optional<RollingSignature> signature = Optional.empty();
      if (question.window().isPresent()) {
        WindowSigner window = exchange.basis.window(question.window().get());
        signature = Optional.of(exchange.signer.sign(window));
      }
      return new Refined(finer, signature);
    } catch (DeltaException e) {
      throw new ProtocolViolation("%s: %s".formatted(path, e.getMessage()));
    }
  }

  /** How a range of the new version is made. */
  interface Writer {
    void run(Work work) throws IOException, InterruptedException;

    /** A step that may have to be done again once there is room. */
    @FunctionalInterface
    interface Work {
      void run() throws IOException;
    }
  }

  /**
   * Follows one part of a delta.
   *
   * @return what is known of the segment, once all of it has come and is right
   * @throws DeltaException.Mismatch if the segment has to be discarded
   * @throws BasisLostException as well
   */
  Optional<LeafHashes> apply(SegmentDelta message, ByteBuf literals, Draft into, Writer writer)
      throws IOException, InterruptedException {
    Exchange exchange = asked(message.offset());
    if (exchange == null || message.delta().covered().from() != exchange.patch.at()) {
      throw new ProtocolViolation("a delta of %s at %d".formatted(path, message.offset()));
    }
    try {
      int position = literals.readerIndex();
      for (Run run : message.delta().runs()) {
        position = apply(run, position, literals, exchange, into, writer);
      }
      if (position != literals.writerIndex()) {
        throw new ProtocolViolation("literals of %s that no run speaks of".formatted(path));
      }
      if (message.part() == Part.LAST) {
        exchange.patch.finish(message.delta());
        matchedBytes += exchange.matchedBytes;
      }
    } catch (DeltaException.Illegal e) {
      throw new ProtocolViolation("%s: %s".formatted(path, e.getMessage()));
    }
    alignment.learn(message.delta());
    return message.part() == Part.LAST ? Optional.of(exchange.patch.leaves()) : Optional.empty();
  }

  private int apply(
      Run run, int position, ByteBuf literals, Exchange exchange, Draft into, Writer writer)
      throws IOException, InterruptedException {
    long at = exchange.patch.at();
    switch (run) {
      case Run.Literal(long length) -> {
        if (length > literals.writerIndex() - position) {
          throw new ProtocolViolation("too few literals in a delta of " + path);
        }
        int bytes = (int) length;
        exchange.patch.literal(MemorySegment.ofBuffer(literals.nioBuffer(position, bytes)));
        writer.run(() -> into.write(at, literals, position, bytes));
        return position + bytes;
      }
      case Run.Match match -> {
        exchange.patch.match(match);
        writer.run(() -> copy(match, into, at));
        exchange.matchedBytes += match.length();
      }
      case Run.Hole hole -> {
        exchange.patch.hole(hole);
        writer.run(() -> into.hole(at, hole.length()));
        exchange.matchedBytes += hole.length();
      }
    }
    return position;
  }

  private void copy(Run.Match match, Draft into, long at) throws IOException {
    BasisSigner from = signer;
    try {
      if (from == null || !into.copy(from.basis(), match.basisOffset(), at, match.length())) {
        throw new BasisLostException("it is shorter by now");
      }
    } catch (LinuxException e) {
      throw new BasisLostException(e);
    }
  }

  /** An exchange has ended, one way or another. */
  void end(long offset) {
    open.remove(offset);
    steady = true;
  }

  /** Whether all that was copied is of the version that was signed. */
  boolean isSound() throws LinuxException {
    return signer == null || signer.basis().isUnchanged();
  }

  @Override
  public void close() {
    if (known != null) {
      known.close();
      known = null;
    }
    if (signer != null) {
      signer.basis().close();
      signer = null;
    }
  }
}
