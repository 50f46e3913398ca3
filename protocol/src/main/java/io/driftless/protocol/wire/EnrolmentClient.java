package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.Certificates;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.Joiner;
import io.driftless.protocol.identity.KeyHash;
import io.driftless.protocol.identity.Token;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.wire.WireException.Retry;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Joins a target with a token. Thread-safe; blocks, so never on an event loop. */
public final class EnrolmentClient {
  private final Transport transport;

  public EnrolmentClient(Transport transport) {
    this.transport = transport;
  }

  /**
   * Enrols at the first of the token's addresses that answers. Nothing is said to anybody but the
   * authority of the token.
   *
   * @return what the agent is from now on; the caller stores it
   * @throws WireException if the target can't be had or refuses; its slug tells why
   */
  public Identity join(Token token, Joiner joiner) throws IOException, InterruptedException {
    transport.requireOffLoop();
    WireException first = null;
    for (Address address : token.addresses()) {
      try {
        return joinAt(address, token.authority(), joiner);
      } catch (WireException e) {
        if (e.retry() == Retry.POINTLESS && e.getCause() == null) {
          throw e;
        }
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IOException("the token has no address") : first;
  }

  private Identity joinAt(Address address, KeyHash authority, Joiner joiner)
      throws IOException, InterruptedException {
    @Nullable WireException first = null;
    for (InetAddress at : resolve(address)) {
      var result = new CompletableFuture<Issued>();
      try {
        ask(new InetSocketAddress(at, address.port()), address, authority, joiner, result);
        return accept(Waiting.on(result, transport.settings().silenceMax(), "an answer"), joiner);
      } catch (WireException e) {
        if (e.retry() == Retry.POINTLESS) {
          throw e;
        }
        first = first == null ? e : first;
      } finally {
        result.cancel(false);
      }
    }
    throw first == null ? new IOException(address + " has no addresses") : first;
  }

  private static InetAddress[] resolve(Address address) throws WireException {
    try {
      return InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      throw Failures.unknownHost(address.host(), e);
    }
  }

  private void ask(
      InetSocketAddress at,
      Address name,
      KeyHash authority,
      Joiner joiner,
      CompletableFuture<Issued> result)
      throws IOException {
    SslContext tls = transport.tls().joiner(authority);
    new OutgoingConnection(transport, at)
        .open(
            tls,
            result,
            (channel, meter) ->
                new Connection(
                    channel, meter, transport, new Joining(joiner, name.toString(), result)));
    result.orTimeout(transport.settings().silenceMax().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Identity accept(Issued issued, Joiner joiner) throws IOException {
    try {
      return joiner.accept(
          Certificates.parse(issued.authority().toBytes()),
          Certificates.parse(issued.leaf().toBytes()));
    } catch (CertificateException e) {
      throw new WireException(
          "certificate-refused",
          "the target sent a certificate that can't be read",
          "use the same version of driftless on both hosts",
          Retry.POINTLESS,
          e);
    }
  }
}
