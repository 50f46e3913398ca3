package io.driftless.protocol.listing;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Hashes entries for digests: 128 bits over the core of each. A digest is the sum of these.
 * Confined to one thread.
 */
public final class SliceDigest {
  private static final int USUAL_BYTES = 1024;

  private final SeededHash hash;
  private ByteBuf core = Unpooled.buffer(USUAL_BYTES);

  public SliceDigest(SeededHash hash) {
    this.hash = hash;
  }

  /** What an entry adds to the digest of its slice. */
  public Digest of(Entry entry) {
    core.clear();
    EntryCodec.encodeCore(entry, core);
    Digest digest = hash.hash128(core, 0, core.writerIndex());
    if (core.capacity() > 64 * USUAL_BYTES) {
      core = Unpooled.buffer(USUAL_BYTES);
    }
    return digest;
  }
}
