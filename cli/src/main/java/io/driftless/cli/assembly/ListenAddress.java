package io.driftless.cli.assembly;

import java.net.InetSocketAddress;

/** The address of a configuration, {@code [HOST]:PORT}, as a socket address. */
final class ListenAddress {
  private ListenAddress() {}

  /** Without a host: everywhere. The form was checked when the configuration was read. */
  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    if (host.isEmpty()) {
      return new InetSocketAddress(port);
    }
    return new InetSocketAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }
}
