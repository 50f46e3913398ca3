package io.driftless.protocol.linux;

import io.driftless.protocol.linux.ConfinementException.Reason;
import io.driftless.protocol.tree.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out, after a path was refused, which component was at fault. */
final class Refusal {
  private final Scratch scratch;
  private final Mount mount;
  private final SystemCall call;

  Refusal(Scratch scratch, Mount mount, SystemCall call) {
    this.scratch = scratch;
    this.mount = mount;
    this.call = call;
  }

  static LinuxException ofRoot(Scratch scratch, byte[] path, Place place, long result) {
    var refused = new LinuxException(SystemCall.OPENAT, result, place);
    if (!isRefusal(result)
        || StatusCall.fill(scratch, Kernel.NO_DIRECTORY, scratch.path(path)) < 0) {
      return refused;
    }
    var found = new FileStatus(scratch);
    Reason reason = found.isSymlink() ? Reason.SYMLINK : Reason.NOT_A_DIRECTORY;
    return found.isDirectory() ? refused : new ConfinementException(refused, reason, place, found);
  }

  /** The exception for a path of which every component has to be a directory. */
  LinuxException ofDirectory(Fd from, Place base, List<Name> names, long result) {
    LinuxException refused = exception(base, names, result);
    return isRefusal(result) ? blamed(from, base, names, refused) : refused;
  }

  /** The exception for one entry, which may be of any kind. */
  ConfinementException ofLeaf(Fd directory, Place base, Name name, long result) {
    LinuxException refused = exception(base, List.of(name), result);
    long opened = step(directory.number(), name);
    FileStatus found = opened < 0 ? null : StatusCall.ofDescriptor(scratch, opened);
    Reason reason = reasonFor(opened, found);
    if (opened >= 0) {
      Kernel.close(scratch, opened);
    }
    Reason shown = reason == null || reason == Reason.NOT_A_DIRECTORY ? Reason.ESCAPES : reason;
    return new ConfinementException(refused, shown, base.resolve(name), found);
  }

  private LinuxException exception(Place base, List<Name> names, long result) {
    Place whole = base;
    for (Name name : names) {
      whole = whole.resolve(name);
    }
    return new LinuxException(call, result, whole);
  }

  private static boolean isRefusal(long result) {
    return Errno.ELOOP.is(result)
        || Errno.EXDEV.is(result)
        || Errno.ENOTDIR.is(result)
        || Errno.EAGAIN.is(result);
  }

  /** Walks down once more and looks at each component. */
  private ConfinementException blamed(
      Fd from, Place base, List<Name> names, LinuxException refused) {
    long at = from.number();
    Place place = base;
    try {
      for (Name name : names) {
        place = place.resolve(name);
        long next = step(at, name);
        if (at != from.number()) {
          Kernel.close(scratch, at);
        }
        at = next;
        FileStatus found = at < 0 ? null : StatusCall.ofDescriptor(scratch, at);
        Reason reason = reasonFor(at, found);
        if (found == null || reason != null) {
          Reason shown = reason == null ? Reason.ESCAPES : reason;
          return new ConfinementException(refused, shown, place, found);
        }
      }
      return new ConfinementException(refused, Reason.ESCAPES, place, null);
    } finally {
      if (at >= 0 && at != from.number()) {
        Kernel.close(scratch, at);
      }
    }
  }

  private long step(long directory, Name name) {
    int flags = OpenFlags.PATH_ONLY | OpenFlags.NO_FOLLOW | OpenFlags.CLOSE_ON_EXEC;
    return Kernel.call(scratch, SystemCall.OPENAT, directory, scratch.name(name), flags, 0);
  }

  private @Nullable Reason reasonFor(long descriptor, @Nullable FileStatus found) {
    if (found == null) {
      return null;
    }
    if (found.isSymlink()) {
      return Reason.SYMLINK;
    }
    if (!mount.holds(scratch, descriptor)) {
      return Reason.MOUNT_POINT;
    }
    return found.isDirectory() ? null : Reason.NOT_A_DIRECTORY;
  }
}
