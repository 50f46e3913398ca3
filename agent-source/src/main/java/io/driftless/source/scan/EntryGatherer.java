package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.UncarriableException;
import io.driftless.source.report.Findings;
import io.driftless.source.send.OpenSlice;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one slice after the other by their names, and keeps account of what is
 * missing. Confined to one thread.
 */
final class EntryGatherer {
  private final EntryReader entries;
  private final LinkTable links;
  private final Findings findings;
  private final Steps steps;
  private @Nullable OpenSlice slice;
  private Completeness completeness = Completeness.COMPLETE;
  private @Nullable FileStatus status;

  EntryGatherer(WalkContext context) {
    this.entries = context.entries();
    this.links = context.links();
    this.findings = context.findings();
    this.steps = new Steps(context);
  }

  void begin(OpenSlice next) {
    slice = next;
    completeness = Completeness.COMPLETE;
  }

  /** Whether every name of the slice was either gathered or had vanished. */
  Completeness completeness() {
    return completeness;
  }

  /** The entry, or null where it has vanished or can't be carried. */
  @Nullable Entry gather(Visit.Open open, Name name, Kind kind)
      throws IOException, InterruptedException {
    if (kind == Kind.DIRECTORY) {
      return EntryCodec.nameOfDirectory(name);
    }
    status = null;
    steps.next();
    try {
      Entry entry = entries.read(open.directory(), name, found -> role(found, open, name));
      boolean becameDirectory = entry != null && entry.kind() == Kind.DIRECTORY;
      return becameDirectory ? EntryCodec.nameOfDirectory(name) : entry;
    } catch (LinuxException e) {
      missing(open, name, "unreadable", e);
    } catch (UncarriableException e) {
      missing(open, name, e.reason(), e);
    }
    return null;
  }

  private LinkRole role(FileStatus found, Visit.Open open, Name name) throws IOException {
    status = found;
    return links.role(found, open.path(), name);
  }

  /** The status of the entry that was gathered last; null of a directory. */
  @Nullable FileStatus status() {
    return status;
  }

  void missing(Visit.Open open, Name name, String reason, Exception e) {
    completeness = Completeness.INCOMPLETE;
    if (slice != null && !slice.isNews(name)) {
      return;
    }
    TreePath path = open.path().resolve(name);
    if (reason.equals(UncarriableException.MOUNT_POINT)) {
      findings.notice(Visitor.mountPoint(path));
    } else {
      findings.problem(path, reason, String.valueOf(e.getMessage()));
    }
  }
}
