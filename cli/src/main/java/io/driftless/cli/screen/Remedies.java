package io.driftless.cli.screen;

/** What an administrator can do about a problem, by its reason. */
final class Remedies {
  private Remedies() {}

  static String of(String reason) {
    return switch (reason) {
      case "permission-denied", "access-denied", "not-permitted", "unreadable" ->
          "run the agent as root, or give it the capability that is missing";
      case "busy", "unstable" ->
          "these are written to all the time; run the pass again, or stop their writer";
      case "occupied" ->
          "another kind of entry is in the way; look at it, then pass --allow-deletes";
      case "unknown-owner" -> "create the user or group on the target, or use owners = \"numeric\"";
      case "no-space", "no-room" -> "make room on the target, then run the pass again";
      case "io-error", "read-error" -> "the disk could not read these; look at the kernel's log";
      case "xattr", "unsupported-xattr", "acl", "flags", "timestamp", "limits" ->
          "the target's file system cannot carry this; use another one, or accept it";
      default -> "driftless problems lists all of them with details";
    };
  }
}
