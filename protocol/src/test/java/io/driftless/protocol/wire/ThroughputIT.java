package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Not a benchmark: tells when content goes over loopback much slower than it should. */
@Timeout(120)
final class ThroughputIT {
  private static final int MESSAGE_BYTES = 256 * 1024;

  @Test
  void content_goes_over_loopback_at_the_speed_of_the_cipher() throws Exception {
    double warmUp = megabytesPerSecond(2, 2000);
    double measured = megabytesPerSecond(2, Integer.getInteger("driftless.test.messages", 4000));
    System.out.printf("wire: %.0f MB/s, then %.0f MB/s over 2 lanes%n", warmUp, measured);
    assertThat(measured).as("MB/s, with a wide margin for busy machines").isGreaterThan(60);
  }

  private static double megabytesPerSecond(int lanes, int messages) throws Exception {
    var arrived = new Arrivals((long) messages * MESSAGE_BYTES);
    try (var pair = LoopbackPair.listening(arrived);
        var session = pair.dial(lanes)) {
      var source = new Recorder();
      Conversation conversation = session.open(SessionIT.WWW, source);
      source.next(VolumeOpened.class);
      ByteBuf content =
          conversation.allocator().directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES);
      long start = System.nanoTime();
      long cpu = cpuNanos();
      for (int i = 1; i <= messages; i++) {
        var packed = new Packed(Packing.PLAIN, MESSAGE_BYTES, 0, content.retainedDuplicate());
        conversation.sendContent(new Contents(i, packed), 0);
      }
      assertThat(arrived.all.await(60, TimeUnit.SECONDS)).isTrue();
      double seconds = (System.nanoTime() - start) / 1e9;
      content.release();
      System.out.printf(
          "wire: %.2f ns of CPU a byte, both ends%n",
          (double) (cpuNanos() - cpu) / messages / MESSAGE_BYTES);
      return messages * (MESSAGE_BYTES / 1e6) / seconds;
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** Counts what arrives and lets it go. */
  private static final class Arrivals implements SessionListener, ConversationListener {
    private final AtomicLong missing;
    private final CountDownLatch all = new CountDownLatch(1);

    Arrivals(long bytes) {
      missing = new AtomicLong(bytes);
    }

    @Override
    public ConversationListener opening(
        AgentSession session, OpenVolume opening, Conversation conversation) {
      conversation.send(SessionIT.OPENED);
      return this;
    }

    @Override
    public void received(Message message) {
      if (message instanceof Contents contents
          && missing.addAndGet(-contents.records().bytes().readableBytes()) == 0) {
        all.countDown();
      }
      MessageCodec.release(message);
    }

    @Override
    public void ended(SessionEnd reason) {}
  }
}
