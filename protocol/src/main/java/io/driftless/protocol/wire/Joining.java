package io.driftless.protocol.wire;

import io.driftless.protocol.identity.EnrolmentRequest;
import io.driftless.protocol.identity.Joiner;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.identity.Word256;
import io.driftless.protocol.message.EnrolmentMessage.Challenge;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.wire.WireException.Retry;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The joining side of an enrolment: challenged, it asks, and is answered. */
final class Joining implements Connection.Owner {
  private final Joiner joiner;
  private final String address;
  private final CompletableFuture<Issued> result;
  private boolean hasAsked;

  Joining(Joiner joiner, String address, CompletableFuture<Issued> result) {
    this.joiner = joiner;
    this.address = address;
    this.result = result;
  }

  @Override
  public void expect(Connection from, FrameHeader header) {
    boolean isExpected =
        switch (header.type()) {
          case CHALLENGE -> !hasAsked;
          case ISSUED -> hasAsked;
          case REFUSED -> true;
          default -> false;
        };
    if (!isExpected) {
      throw new CorruptedFrameException(header.type() + " while enrolling");
    }
  }

  @Override
  public void received(Connection from, int stream, Message message) {
    switch (message) {
      case Challenge(var nonce) -> ask(from, nonce);
      case Issued issued -> {
        result.complete(issued);
        from.close();
      }
      case Refused(var slug, var text, var hint) -> {
        result.completeExceptionally(new WireException(slug, text, hint, Retry.POINTLESS));
        from.close();
      }
      default -> throw new CorruptedFrameException("neither a challenge nor an answer");
    }
  }

  private void ask(Connection connection, Bytes nonce) {
    hasAsked = true;
    try {
      EnrolmentRequest request =
          joiner.request(connection.tls().engine().getSession(), Word256.of(nonce.toBytes()));
      byte[] token = ByteBuffer.allocate(Long.BYTES).putLong(request.token().bits()).array();
      connection
          .outbox()
          .add(
              new Enrol(
                  Bytes.owning(token),
                  Bytes.owning(request.proof().toBytes()),
                  Bytes.owning(request.request().der()),
                  request.volumes().stream().map(VolumeName::text).toList()),
              0);
    } catch (IOException e) {
      result.completeExceptionally(Failures.ofDialling(e, address));
    }
  }

  @Override
  public void lost(Connection connection, Throwable reason) {
    WireException failure = Failures.ofDialling(reason, address);
    result.completeExceptionally(
        hasAsked
            ? new WireException(
                "no-answer",
                "%s hung up before it answered: %s".formatted(address, failure.getMessage()),
                "see target agents; if the token was used up, print a new one",
                Retry.POINTLESS)
            : failure);
  }
}
