package io.driftless.perf.floor;

import io.driftless.protocol.identity.EphemeralPair;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.VolumeName;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Both ends of a connection over the loopback interface. Whoever uses an end closes it. */
record Ends(SocketChannel here, SocketChannel there) {
  static Ends open() throws IOException {
    try (ServerSocketChannel listening =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      SocketChannel here = SocketChannel.open(listening.getLocalAddress());
      return new Ends(here, listening.accept());
    }
  }

  /** TLS as the agents use it, for any number of connections. */
  record Tls(SslContext client, SslContext server) {
    static Tls create() throws IOException {
      InstantSource clock = InstantSource.system();
      EphemeralPair pair =
          EphemeralPair.create(
              Rights.of(new VolumeName("floor"), Role.SOURCE), new SecureRandom(), clock);
      var contexts = new TlsContexts(TlsProvider.best(), clock);
      return new Tls(contexts.client(pair.source()), contexts.server(pair.target()));
    }

    /** Shakes hands as the one who has dialled; {@link #accept} at the other end at a time. */
    SecureLink dial(SocketChannel end) throws IOException {
      return SecureLink.open(end, client.newEngine(ByteBufAllocator.DEFAULT));
    }

    SecureLink accept(SocketChannel end) throws IOException {
      return SecureLink.open(end, server.newEngine(ByteBufAllocator.DEFAULT));
    }
  }
}
