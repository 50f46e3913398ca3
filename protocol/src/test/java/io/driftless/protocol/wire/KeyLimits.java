package io.driftless.protocol.wire;

import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends from BoringSSL to the JDK, in a process of its own: the JDK reads its key limits once.
 * Lanes are replaced after so many bytes as the only argument says.
 */
final class KeyLimits {
  private static final int MESSAGES = 600;
  private static final int MESSAGE_BYTES = 256 * 1024;

  private KeyLimits() {}

  public static void main(String[] arguments) throws Exception {
    var settings =
        WireSettings.DEFAULT.withLanesReplacedAfter(
            Long.parseLong(arguments[0]), Duration.ofDays(1));
    var all = new CountDownLatch(MESSAGES);
    var target =
        new Target((_, message) -> {
          MessageCodec.release(message);
          all.countDown();
        });
    try (var pair =
            LoopbackPair.listening(
                target,
                it -> it.with(settings),
                it -> it.with(settings),
                TlsProvider.BORINGSSL,
                TlsProvider.JDK);
        var session = pair.dial(1)) {
      var source = new Recorder();
      Conversation conversation = session.open(SessionIT.WWW, source);
      target.nextOpened().conversation().send(SessionIT.OPENED);
      source.next(VolumeOpened.class);
      for (int i = 1; i <= MESSAGES; i++) {
        ByteBuf zeros =
            conversation.allocator().directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES);
        conversation.sendContent(
            new Contents(i, new Packed(Packing.PLAIN, MESSAGE_BYTES, 0, zeros)), 1);
      }
      System.out.println(all.await(30, TimeUnit.SECONDS) ? "ALL ARRIVED" : "SOME ARE MISSING");
    }
  }
}
