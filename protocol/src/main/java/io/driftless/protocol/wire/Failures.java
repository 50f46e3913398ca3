package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Refusal;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.protocol.wire.WireException.Retry;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells what is behind a failure, in words that help whoever reads them. */
final class Failures {
  private static final String SAME_VERSION = "use the same version of driftless on both hosts";

  private Failures() {}

  /** Why a session ends whose connection failed. */
  static SessionEnd endOf(Throwable failure, String peer) {
    if (failure instanceof Connection.HungUp) {
      return broken("connection-lost", peer + " is gone: the connection was closed");
    }
    if (failure instanceof IOException && !(failure instanceof SSLException)) {
      return broken(
          "connection-lost", "the connection to %s broke: %s".formatted(peer, textOf(failure)));
    }
    if (failure instanceof DecoderException && failure.getCause() instanceof SSLException tls) {
      return broken("connection-lost", "TLS with %s failed: %s".formatted(peer, textOf(tls)));
    }
    if (failure instanceof CorruptedFrameException) {
      return new SessionEnd(
          Cause.VIOLATION,
          "protocol-violation",
          "%s sent what it may not: %s".formatted(peer, textOf(failure)),
          SAME_VERSION);
    }
    if (failure instanceof RuntimeException) {
      return new SessionEnd(
          Cause.VIOLATION,
          "protocol-violation",
          "a message of %s could not be handled: %s".formatted(peer, failure),
          SAME_VERSION);
    }
    return broken("connection-lost", "the connection to %s broke: %s".formatted(peer, failure));
  }

  private static SessionEnd broken(String slug, String message) {
    return new SessionEnd(Cause.BROKEN, slug, message, "");
  }

  static WireException unknownHost(String host, UnknownHostException failure) {
    return new WireException(
        "unknown-host",
        "the name %s has no address".formatted(host),
        "check the name, or give a numeric address",
        Retry.WORTHWHILE,
        failure);
  }

  /** Why an agent can't be reached at an address. */
  static WireException ofDialling(Throwable failure, String address) {
    if (failure instanceof WireException known) {
      return known;
    }
    Refusal refusal = refusalBehind(failure);
    if (refusal != null) {
      return new WireException(
          refusal.slug(),
          "%s: %s".formatted(address, refusal.what()),
          refusal.next(),
          Retry.POINTLESS,
          failure);
    }
    if (failure instanceof ConnectTimeoutException) {
      return unreachable("timeout", address + " does not answer", failure);
    }
    if (failure instanceof NoRouteToHostException) {
      return unreachable("unreachable", "there is no way to " + address, failure);
    }
    if (failure instanceof ConnectException) {
      return unreachable("connection-refused", "nobody listens at " + address, failure);
    }
    return ofHandshake(failure, address);
  }

  private static WireException ofHandshake(Throwable failure, String address) {
    if (hasBehind(failure, NotSslRecordException.class)) {
      return notAnAgent(address, "it does not speak TLS", failure);
    }
    if (hasBehind(failure, SslHandshakeTimeoutException.class)) {
      return unreachable("timeout", address + " does not finish the TLS handshake", failure);
    }
    if (hasBehind(failure, CorruptedFrameException.class)) {
      return notAnAgent(address, "it answers with something else", failure);
    }
    String text = textOf(failure).toLowerCase(Locale.ROOT);
    if (text.contains("alert") && text.matches("(?s).*(certificate|unknown.ca|denied).*")) {
      return new WireException(
          "certificate-refused",
          "%s refuses our certificate (%s)".formatted(address, textOf(failure)),
          "look at the clocks of both hosts and at the target's log; else join again",
          Retry.POINTLESS,
          failure);
    }
    if (failure instanceof Connection.HungUp || hasBehind(failure, SSLException.class)) {
      return notAnAgent(address, "it hung up: " + textOf(failure), failure);
    }
    return unreachable("unreachable", "%s: %s".formatted(address, textOf(failure)), failure);
  }

  private static WireException notAnAgent(String address, String why, Throwable failure) {
    return new WireException(
        "not-an-agent",
        "%s is no driftless agent: %s".formatted(address, why),
        "check address and port",
        Retry.WORTHWHILE,
        failure);
  }

  private static WireException unreachable(String slug, String message, Throwable failure) {
    return new WireException(
        slug,
        message,
        "check that the target agent runs, and the firewalls on the way",
        Retry.WORTHWHILE,
        failure);
  }

  static @Nullable Refusal refusalBehind(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof RefusedException refused) {
        return refused.refusal();
      }
    }
    return null;
  }

  private static boolean hasBehind(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static String textOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
