package io.driftless.protocol.listing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.tree.Attribute;
import java.util.Arrays;
import java.util.List;

/**
 * Which extended attributes are part of an entry: those of users, ACLs, file capabilities and
 * trusted ones. What a file system or a security module keeps for itself is not, least of all what
 * vouches for the content.
 */
public final class CarriedAttributes {
  private static final List<byte[]> PREFIXES = List.of(ascii("user."), ascii("trusted."));
  private static final List<byte[]> REFUSED =
      List.of(ascii("trusted.overlay."), ascii("trusted.SGI_ACL_"));
  private static final List<byte[]> WHOLE =
      List.of(
          ascii("system.posix_acl_access"),
          ascii("system.posix_acl_default"),
          ascii("security.capability"));

  private CarriedAttributes() {}

  /** Tells whether an attribute of this name is carried. */
  public static boolean contains(byte[] name) {
    if (name.length > Attribute.MAX_NAME_BYTES) {
      return false;
    }
    if (WHOLE.stream().anyMatch(whole -> Arrays.equals(whole, name))) {
      return true;
    }
    return startsWithOneOf(PREFIXES, name) && !startsWithOneOf(REFUSED, name);
  }

  private static boolean startsWithOneOf(List<byte[]> prefixes, byte[] name) {
    return prefixes.stream()
        .anyMatch(prefix ->
            name.length > prefix.length
                && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
