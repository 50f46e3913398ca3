package io.driftless.source.scan;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.ConfinementException.Reason;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.UncarriableException;
import io.driftless.source.report.Findings;
import io.driftless.source.report.Tally;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Opens directories of the volume and tells why some stay shut. Thread-safe. */
final class Visitor {
  private static final int ATTEMPTS = 3;
  private static final long PAUSE_MICROS = 500;

  private final ConfinedRoot root;
  private final Exclusions exclusions;
  private final EntryReader entries;
  private final Findings findings;
  private final MountPoints mounts;
  private final Tally tally;
  private final InstantSource clock;
  private final long device;
  private final AtomicLong sequences = new AtomicLong();

  Visitor(WalkContext context) throws LinuxException {
    this.root = context.root();
    this.exclusions = context.exclusions();
    this.entries = context.entries();
    this.findings = context.findings();
    this.mounts = context.mounts();
    this.tally = context.tally();
    this.clock = context.clock();
    this.device = context.root().fd().status().device();
  }

  /** How a visit is spoken of: what has been told once is not told again. */
  enum Telling {
    FIRST,
    AGAIN
  }

  /** Opens a directory; takes its sequence number before. */
  Visit visit(TreePath path, Telling telling) throws InterruptedException {
    long sequence = nextSequence();
    for (int attempt = 1; ; attempt++) {
      try {
        return opened(path, sequence, telling);
      } catch (ConfinementException e) {
        if (e.reason() == Reason.MOUNT_POINT) {
          return mountPoint(path, telling);
        }
        if (attempt == ATTEMPTS) {
          tell(
              telling,
              path,
              Problem.REPLACED,
              "it was a directory and is none now: " + e.getMessage());
          return new Visit.Gone();
        }
        TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
      } catch (LinuxException e) {
        return e.isAbsent() ? new Visit.Gone() : unreadable(path, telling, e);
      }
    }
  }

  long nextSequence() {
    return sequences.incrementAndGet();
  }

  private Visit opened(TreePath path, long sequence, Telling telling) throws LinuxException {
    long began = clock.millis();
    Directory directory = root.openIfPresent(path);
    if (directory == null) {
      return new Visit.Gone();
    }
    boolean handedOver = false;
    try {
      FileStatus status = directory.fd().status();
      if (status.device() != device) {
        return mountPoint(path, telling);
      }
      if (mounts.wasOne(path)) {
        return mountGone(path, telling);
      }
      handedOver = true;
      return new Visit.Open(
          path,
          sequence,
          began,
          directory,
          status,
          () -> self(directory, path, status, telling),
          exclusions.in(path, status));
    } finally {
      if (!handedOver) {
        directory.close();
      }
    }
  }

  private @Nullable Entry self(
      Directory directory, TreePath path, FileStatus status, Telling telling) {
    Name name = path.isRoot() ? null : path.name();
    try {
      return entries.read(name, directory.fd(), status, LinkRole.ONLY);
    } catch (UncarriableException e) {
      tell(telling, path, e.reason(), String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      tell(telling, path, "unreadable", String.valueOf(e.getMessage()));
    }
    return null;
  }

  private Visit mountPoint(TreePath path, Telling telling) {
    mounts.met(path);
    if (telling == Telling.FIRST) {
      findings.notice(mountPoint(path));
    }
    return new Visit.Shut(statusOnly(path));
  }

  /** What lay there before the mount, or nothing at all: in no case what belongs there. */
  private Visit mountGone(TreePath path, Telling telling) {
    if (telling == Telling.FIRST) {
      findings.notice(
          new Notice(
              "mount-changed",
              ("%s was a mount point at an earlier pass and is none now: it counts as unread;"
                      + " mount it, or run a pass with --allow-deletes if it is gone for good")
                  .formatted(path)));
    }
    return new Visit.Shut(statusOnly(path));
  }

  static Notice mountPoint(TreePath path) {
    return new Notice(
        "mount-point",
        ("%s is a mount point or a subvolume: what lies in it is not replicated; make it a volume"
                + " of its own")
            .formatted(path));
  }

  private Visit unreadable(TreePath path, Telling telling, LinuxException e) {
    tell(telling, path, "unreadable", String.valueOf(e.getMessage()));
    if (telling == Telling.FIRST) {
      tally.directoryUnreadable();
    }
    return new Visit.Shut(statusOnly(path));
  }

  /** What the directory above tells; nothing where even that can't be had. */
  private @Nullable Entry statusOnly(TreePath path) {
    if (path.isRoot()) {
      return null;
    }
    try (Directory above = root.openIfPresent(path.parent())) {
      return above == null ? null : entries.readShutDirectory(above, path.name());
    } catch (LinuxException | UncarriableException e) {
      return null; // it has been told that the directory is shut
    }
  }

  private void tell(Telling telling, TreePath path, String reason, String detail) {
    if (telling == Telling.FIRST) {
      findings.problem(path, reason, detail);
    }
  }
}
