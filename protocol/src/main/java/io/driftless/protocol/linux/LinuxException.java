package io.driftless.protocol.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A system call that the kernel refused, as {@code openat2 /srv/www/x: EACCES (Permission denied)}.
 *
 * <p>What callers expect to happen (an entry that is absent, an attribute that isn't there) is not
 * thrown but returned, where the methods say so.
 */
public sealed class LinuxException extends IOException permits ConfinementException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final Errno errno;
  private final String path;

  /** {@code result} is what {@link Kernel} returned: a negated errno. */
  LinuxException(Object call, long result, Object path) {
    this.call = call.toString();
    this.errno = Errno.of((int) -result);
    this.path = path.toString();
  }

  /** The system call, such as {@code renameat2}. */
  public String call() {
    return call;
  }

  public Errno errno() {
    return errno;
  }

  /** The path as far as it is known, escaped for people; never to be parsed. */
  public String path() {
    return path;
  }

  /** Nothing has this name, or a directory on the way to it has gone. */
  public boolean isAbsent() {
    return errno == Errno.ENOENT;
  }

  /** The file system has no room left: blocks, inodes or quota. */
  public boolean isNoRoom() {
    return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
  }

  /** The file system doesn't know what was asked of it. */
  public boolean isUnsupported() {
    return errno == Errno.EOPNOTSUPP || errno == Errno.ENOTTY || errno == Errno.ENOSYS;
  }

  @Override
  public @Nullable String getMessage() {
    return call + " " + path + ": " + errno + " (" + errno.text() + ")";
  }
}
