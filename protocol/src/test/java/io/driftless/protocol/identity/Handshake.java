package io.driftless.protocol.identity;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A TLS handshake between two contexts, in memory, with what became of it on each side. */
final class Handshake implements AutoCloseable {
  private final SslHandler clientTls;
  private final SslHandler serverTls;
  private final EmbeddedChannel client;
  private final EmbeddedChannel server;

  private Handshake(SslHandler clientTls, SslHandler serverTls) {
    this.clientTls = clientTls;
    this.serverTls = serverTls;
    server = new EmbeddedChannel(serverTls);
    client = new EmbeddedChannel(clientTls);
  }

  /** Runs a handshake until both sides have nothing more to say. */
  static Handshake between(SslContext client, SslContext server) {
    return between(client.newHandler(ByteBufAllocator.DEFAULT), server);
  }

  /** As {@link #between}, with a name and a port by which the client could look for a session. */
  static Handshake betweenNamed(SslContext client, SslContext server) {
    return between(client.newHandler(ByteBufAllocator.DEFAULT, "target", 7440), server);
  }

  private static Handshake between(SslHandler client, SslContext server) {
    Handshake handshake = new Handshake(client, server.newHandler(ByteBufAllocator.DEFAULT));
    boolean moved = true;
    while (moved) {
      moved = move(handshake.client, handshake.server) | move(handshake.server, handshake.client);
    }
    return handshake;
  }

  private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    from.runPendingTasks();
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      moved = true;
      deliver(bytes, to);
    }
    return moved;
  }

  private static void deliver(ByteBuf bytes, EmbeddedChannel to) {
    if (!to.isOpen()) {
      bytes.release();
      return;
    }
    swallowing(() -> to.writeOneInbound(bytes));
    swallowing(to::flushInbound);
  }

  /** Failures are looked at through the handshake's future. */
  private static void swallowing(Runnable step) {
    try {
      step.run();
    } catch (Exception failure) {
      // EmbeddedChannel throws what the pipeline reported.
    }
  }

  boolean isCompleteAtServer() {
    return serverTls.handshakeFuture().isSuccess();
  }

  boolean isCompleteAtClient() {
    return clientTls.handshakeFuture().isSuccess();
  }

  SslHandler clientTls() {
    return clientTls;
  }

  SslHandler serverTls() {
    return serverTls;
  }

  @Nullable Throwable serverFailure() {
    return serverTls.handshakeFuture().cause();
  }

  /** What our trust manager said no to, if it did. */
  static Refusal.@Nullable Reason refusedBy(SslHandler side) {
    for (Throwable t = side.handshakeFuture().cause(); t != null; t = t.getCause()) {
      if (t instanceof RefusedException refused) {
        return refused.refusal().reason();
      }
      if (t instanceof CertificateException && t.getCause() == null) {
        return null;
      }
    }
    return null;
  }

  @Override
  public void close() {
    swallowing(client::finishAndReleaseAll);
    swallowing(server::finishAndReleaseAll);
  }

  static void release(SslContext... contexts) {
    for (SslContext context : contexts) {
      ReferenceCountUtil.release(context);
    }
  }
}
