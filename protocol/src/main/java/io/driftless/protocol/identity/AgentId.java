package io.driftless.protocol.identity;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** 128 random bits that tell agents apart for good, whatever they are called. */
public record AgentId(long high, long low) {
  private static final String URI_PREFIX = "driftless:agent:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

  public static AgentId random(SecureRandom random) {
    return new AgentId(random.nextLong(), random.nextLong());
  }

  /**
   * The id whose {@link #toString} is given.
   *
   * @throws IllegalArgumentException unless it is 32 hexadecimal digits in lower case
   */
  public static AgentId parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("an agent id has 32 hexadecimal digits in lower case");
    }
    return new AgentId(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  String uri() {
    return URI_PREFIX + this;
  }

  static boolean isUri(String uri) {
    return uri.startsWith(URI_PREFIX);
  }

  static AgentId ofUri(String uri) {
    return parse(uri.substring(URI_PREFIX.length()));
  }

  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
