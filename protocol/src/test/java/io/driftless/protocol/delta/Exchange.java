package io.driftless.protocol.delta;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Both sides of a delta over two arrays, as agents drive them: a buffer at a time. */
final class Exchange {
  static final int BUFFER_BYTES = 1024 * 1024;

  final Counting targetHash;
  final Counting sourceHash;
  final Alignment alignment = new Alignment();
  final Pursuit pursuit = new Pursuit();
  final List<Delta> deltas = new ArrayList<>();
  int segmentBytes = 4 * 1024 * 1024;
  int blockBytes;
  int misalignment = 1;
  long literalBytes;
  long matchedBytes;
  long hashBytesSent;
  int refinements;
  int windows;
  long bufferBytesMax;
  private final byte[] basis;
  private final byte[] wanted;

  Exchange(byte[] basis, byte[] wanted) {
    this(basis, wanted, Counting.strong(), Counting.strong());
  }

  Exchange(byte[] basis, byte[] wanted, Counting targetHash, Counting sourceHash) {
    this.basis = basis;
    this.wanted = wanted;
    this.targetHash = targetHash;
    this.sourceHash = sourceHash;
    this.blockBytes = BlockSize.forFile(Math.max(basis.length, wanted.length)).bytes();
  }

  /** Carries the new version over; what the target has in the end. */
  byte[] run() throws DeltaException {
    var made = new ByteArrayOutputStream(wanted.length);
    var fileDigest = new FileDigest(targetHash);
    var composedDigest = new FileDigest(sourceHash);
    for (long at = 0; at < wanted.length; at += segmentBytes) {
      Range segment = new Range(at, Math.min(segmentBytes, wanted.length - at));
      Delta delta = segment(segment, made);
      composedDigest.add(delta.covered(), delta.digest());
      fileDigest.add(segment, delta.digest());
    }
    if (!fileDigest.digest().equals(composedDigest.digest())) {
      throw new AssertionError("the digests of the file differ");
    }
    return made.toByteArray();
  }

  private Delta segment(Range segment, ByteArrayOutputStream made) throws DeltaException {
    try (Arena arena = Arena.ofConfined()) {
      var old =
          new BasisSegment(
              segment,
              alignment.displacement(),
              basis.length,
              new BlockSize(blockBytes),
              targetHash);
      inPortions(basis, old.toSign(), arena, old::sign);
      Compare compare = old.compare();
      hashBytesSent += 8L * compare.basis().count();
      var fresh = new NewSegment(compare, wanted.length, sourceHash, pursuit);
      inPortions(wanted, fresh.toCompare(), arena, fresh::compare);
      var literals = new ByteArrayOutputStream();
      Literals sink = bytes -> literals.writeBytes(bytes.toArray(JAVA_BYTE));
      Refine refine = fresh.refine();
      if (refine.isEmpty()) {
        fresh.begin(sink);
      } else {
        fresh.begin(answer(old, refine, arena), sink);
      }
      encode(fresh, arena);
      Delta delta = fresh.finish();
      apply(delta, literals.toByteArray(), old.patch(), arena, made);
      alignment.learn(delta);
      deltas.add(delta);
      return delta;
    }
  }

  private Refined answer(BasisSegment old, Refine refine, Arena arena) throws DeltaException {
    refinements++;
    List<BlockHashes> finer = old.finer(refine);
    finer.forEach(hashes -> hashBytesSent += 8L * hashes.count());
    Optional<RollingSignature> signature = Optional.empty();
    if (refine.window().isPresent()) {
      windows++;
      WindowSigner signer = old.window(refine.window().get());
      while (signer.wanted().length() > 0) {
        signer.sign(buffer(basis, signer.wanted(), arena));
      }
      signature = Optional.of(signer.signature());
      hashBytesSent += 12L * signature.get().strong().count();
    }
    return new Refined(finer, signature);
  }

  private void encode(NewSegment fresh, Arena arena) {
    while (fresh.wanted().isPresent()) {
      fresh.feed(buffer(wanted, fresh.wanted().get(), arena), Stretch.GOES_ON);
    }
  }

  private void apply(
      Delta delta, byte[] literals, Patch patch, Arena arena, ByteArrayOutputStream made)
      throws DeltaException {
    int position = 0;
    for (Run run : delta.runs()) {
      switch (run) {
        case Run.Literal(long length) -> {
          byte[] bytes = Arrays.copyOfRange(literals, position, position + (int) length);
          inPortions(bytes, new Range(0, length), arena, 4099, (at, part) -> patch.literal(part));
          made.writeBytes(bytes);
          position += (int) length;
          literalBytes += length;
        }
        case Run.Match match -> {
          patch.match(match);
          made.write(basis, (int) match.basisOffset(), (int) match.length());
          matchedBytes += match.length();
        }
        case Run.Hole hole -> throw new AssertionError("nobody spoke of " + hole);
      }
    }
    patch.finish(delta);
    if (position != literals.length) {
      throw new AssertionError("literals that no run speaks of");
    }
  }

  interface Portion {
    void take(long offset, MemorySegment bytes) throws DeltaException;
  }

  private void inPortions(byte[] file, Range range, Arena arena, Portion portion)
      throws DeltaException {
    inPortions(file, range, arena, BUFFER_BYTES, portion);
  }

  private void inPortions(byte[] file, Range range, Arena arena, int most, Portion portion)
      throws DeltaException {
    for (long at = range.from(); at < range.end(); at += most) {
      Range part = Range.between(at, Math.min(range.end(), at + most));
      portion.take(at, buffer(file, part, arena));
    }
  }

  private MemorySegment buffer(byte[] file, Range range, Arena arena) {
    int length = (int) Math.min(BUFFER_BYTES, range.length());
    bufferBytesMax = Math.max(bufferBytesMax, length);
    MemorySegment memory = arena.allocate(length + 8L, 8).asSlice(misalignment, length);
    MemorySegment.copy(file, (int) range.from(), memory, JAVA_BYTE, 0, length);
    return memory;
  }
}
