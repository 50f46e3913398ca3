package io.driftless.source.send;

import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.source.read.RecordSink;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Sends what the target asked for about one slice after the other. Confined to one thread. */
final class ContentsWriter implements RecordSink, AutoCloseable {
  private final Conversation conversation;
  private final RecordBuffer buffer;
  private long slice;

  ContentsWriter(Conversation conversation) {
    this.conversation = conversation;
    this.buffer = new RecordBuffer(conversation);
  }

  void begin(long nextSlice) {
    slice = nextSlice;
  }

  @Override
  public ByteBuf room(int contentBytes) throws IOException, InterruptedException {
    if (buffer.isFullFor(contentBytes)) {
      send();
    }
    return buffer.next();
  }

  /** The window is the target's own: it knows what it asked for. */
  @Override
  public void unused(int contentBytes) {}

  void failed(int index, Reading reading, String detail) throws IOException, InterruptedException {
    new RecordWriter(room(0)).failed(index, reading, detail);
  }

  void finish() throws IOException, InterruptedException {
    if (!buffer.isEmpty()) {
      send();
    }
  }

  private void send() throws IOException, InterruptedException {
    conversation.sendContent(new Contents(slice, conversation.pack(buffer.take())), 0);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
