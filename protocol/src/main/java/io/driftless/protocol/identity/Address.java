package io.driftless.protocol.identity;

import io.driftless.protocol.tree.Escaped;
import java.util.regex.Pattern;

/** Where an agent listens: a host name or numeric address, and a TCP port. */
public record Address(String host, int port) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");

  public Address {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "not a host name or numeric address: " + Escaped.display(host));
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is in 1..65535, not " + port);
    }
  }

  /**
   * Parses {@code host:port}; a numeric IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 1 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (colon < 1
        || !text.substring(colon + 1).matches("[0-9]{1,5}")
        || !bracketed && host.contains(":")) {
      throw new IllegalArgumentException(
          "an address is host:port, for example 203.0.113.7:7440 or [2001:db8::7]:7440, not: "
              + Escaped.display(text));
    }
    return new Address(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
