package io.driftless.protocol.wire;

import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.wire.codec.FrameHeader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A source with a good certificate that says whatever a test wants. */
final class RawPeer {
  private final LoopbackPair pair;

  RawPeer(LoopbackPair pair) {
    this.pair = pair;
  }

  /** Says one thing and waits for the refusal. */
  Refused ask(Message message) throws Exception {
    var answer = new CompletableFuture<Refused>();
    new OutgoingConnection(pair.sourceTransport(), pair.socketAddress())
        .open(
            pair.contexts(TlsProvider.best()).client(pair.source()),
            answer,
            (channel, meter) -> {
              var connection =
                  new Connection(channel, meter, pair.sourceTransport(), new Hearing(answer));
              connection.outbox().add(message, 0);
              return connection;
            });
    return Waiting.on(answer, Duration.ofSeconds(10), "a refusal");
  }

  private record Hearing(CompletableFuture<Refused> answer) implements Connection.Owner {
    @Override
    public void expect(Connection from, FrameHeader header) {}

    @Override
    public void received(Connection from, int stream, Message message) {
      if (message instanceof Refused refused) {
        answer.complete(refused);
      }
    }

    @Override
    public void lost(Connection connection, Throwable reason) {
      answer.completeExceptionally(reason);
    }
  }
}
