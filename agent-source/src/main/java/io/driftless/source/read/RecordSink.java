package io.driftless.source.read;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Where records gather until they are sent. Confined to one thread. */
public interface RecordSink {
  /**
   * Makes room for one record with so much content. What has gathered may be sent first, and the
   * caller may have to wait.
   *
   * @return direct memory to append to, valid until the next call of this sink
   * @throws IOException if the conversation has ended
   */
  ByteBuf room(int contentBytes) throws IOException, InterruptedException;

  /** Takes back room for content that did not come after all. */
  void unused(int contentBytes);
}
