package io.driftless.protocol.linux;

import org.jspecify.annotations.Nullable;

/**
 * A path that would have led out of the volume, with the component at which it was refused and the
 * owner of that component.
 */
public final class ConfinementException extends LinuxException {
  private static final long serialVersionUID = 1;

  /** What the component is. */
  public enum Reason {
    SYMLINK("a symbolic link", "paths inside a volume never lead through links"),
    MOUNT_POINT("a mount point", "a volume ends where another file system is mounted"),
    NOT_A_DIRECTORY("not a directory", "it was replaced, or the path is wrong"),
    ESCAPES("no longer what it was", "it was moved or replaced meanwhile; try again");

    private final String noun;
    private final String rule;

    Reason(String noun, String rule) {
      this.noun = noun;
      this.rule = rule;
    }
  }

  private final Reason reason;
  private final String component;
  private final @Nullable Integer owner;

  ConfinementException(
      LinuxException refusal, Reason reason, Place component, @Nullable FileStatus found) {
    super(refusal.call(), -refusal.errno().number(), refusal.path());
    this.reason = reason;
    this.component = component.toString();
    this.owner = found == null ? null : found.uid();
  }

  public Reason reason() {
    return reason;
  }

  /** The path up to and with the refused component, escaped for people. */
  public String component() {
    return component;
  }

  @Override
  public String getMessage() {
    String of = owner == null ? "" : " of uid " + Integer.toUnsignedString(owner);
    return "%s %s: refused at %s, which is %s%s; %s"
        .formatted(call(), path(), component, reason.noun, of, reason.rule);
  }
}
