package io.driftless.cli.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as they stand in a configuration. */
public final class HostPort {
  private static final Pattern FORM =
      Pattern.compile("(|[A-Za-z0-9._%-]{1,253}|\\[[A-Fa-f0-9:.%a-z]{2,64}])(?::([0-9]{1,5}))?");
  private static final int PORT_MAX = 65_535;

  /** The port of a target, where none is named. */
  public static final int DEFAULT_PORT = 7440;

  private HostPort() {}

  /** {@code HOST:PORT}; a numeric IPv6 address stands in brackets. */
  public static boolean isAddress(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() && !form.group(1).isEmpty() && hasPort(form, 1);
  }

  /** {@code [HOST]:PORT}; port 0 takes any that is free. */
  public static boolean isListenAddress(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() && hasPort(form, 0);
  }

  /**
   * {@code HOST} or {@code HOST:PORT} as {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static String withPort(String text, int defaultPort) {
    String address = isAddress(text) ? text : text + ":" + defaultPort;
    if (!isAddress(address)) {
      throw new IllegalArgumentException("not an address: " + text);
    }
    return address;
  }

  private static boolean hasPort(Matcher form, int min) {
    String port = form.group(2);
    return port != null && Integer.parseInt(port) >= min && Integer.parseInt(port) <= PORT_MAX;
  }
}
