package io.driftless.target.session;

import io.driftless.protocol.delta.BasisSegment;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.delta.WindowSigner;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.target.stage.Basis;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/**
 * Reads what a delta builds on, and signs it. Where it can't be read, because it is another by now,
 * zeros are signed in its place, so that every exchange comes to its end; {@link #isLost} says so.
 * Thread-safe; whoever closes the basis has waited for what is being signed.
 */
final class BasisSigner {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Basis basis;
  private final PassParts pass;
  private volatile boolean lost;

  BasisSigner(Basis basis, PassParts pass) {
    this.basis = basis;
    this.pass = pass;
  }

  Basis basis() {
    return basis;
  }

  /** Whether nothing that was signed may be used. */
  boolean isLost() {
    return lost;
  }

  /** Signs what is still unknown of a segment, which nobody else uses meanwhile. */
  void sign(BasisSegment segment) throws InterruptedException {
    ByteBuf buffer = pass.memory().directBuffer(BUFFER_BYTES);
    try {
      for (Range part : segment.unsigned()) {
        for (long at = part.from(); at < part.end(); at += BUFFER_BYTES) {
          segment.sign(at, read(Range.between(at, part.end()), buffer));
        }
      }
    } finally {
      buffer.release();
    }
  }

  /** Signs a window that is searched for. */
  RollingSignature sign(WindowSigner window) throws InterruptedException {
    ByteBuf buffer = pass.memory().directBuffer(BUFFER_BYTES);
    try {
      while (window.wanted().length() > 0) {
        window.sign(read(window.wanted(), buffer));
      }
    } finally {
      buffer.release();
    }
    return window.signature();
  }

  /** As much of the beginning of a range as the buffer takes. */
  private MemorySegment read(Range wanted, ByteBuf buffer) throws InterruptedException {
    int length = (int) Math.min(BUFFER_BYTES, wanted.length());
    if (lost || !isRead(wanted.from(), buffer, length)) {
      lost = true;
      buffer.setZero(0, length);
    }
    return MemorySegment.ofBuffer(buffer.nioBuffer(0, length));
  }

  private boolean isRead(long at, ByteBuf buffer, int length) throws InterruptedException {
    try {
      return basis.read(pass.reader(), at, buffer.memoryAddress(), length);
    } catch (LinuxException e) {
      return false;
    }
  }
}
