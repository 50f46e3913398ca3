package io.driftless.protocol.identity;

import java.util.Locale;

/** The part that an agent plays: where the data comes from, or where it goes to. */
public enum Role {
  SOURCE,
  TARGET;

  private static final String URI_PREFIX = "driftless:role:";

  /** The word for it in files and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role that a word stands for.
   *
   * @throws IllegalArgumentException if there is no such role
   */
  public static Role ofWord(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    throw new IllegalArgumentException("a role is source or target, not: " + word);
  }

  String uri() {
    return URI_PREFIX + word();
  }

  static boolean isUri(String uri) {
    return uri.startsWith(URI_PREFIX);
  }

  static Role ofUri(String uri) {
    return ofWord(uri.substring(URI_PREFIX.length()));
  }
}
