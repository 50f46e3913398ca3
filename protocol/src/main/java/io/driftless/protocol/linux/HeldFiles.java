package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The regular files that processes of this host can write to at any moment: open for writing, or
 * mapped shared and writable. As {@code /proc} tells it; one look, confined to one thread.
 *
 * <p>Not seen: what a thread has open that doesn't share its process's descriptors, and what
 * belongs to processes of other users without CAP_SYS_PTRACE; those are counted.
 */
public final class HeldFiles implements AutoCloseable {
  /**
   * How much was seen.
   *
   * @param processes how many there were
   * @param hidden how many of them could not be looked into
   */
  public record Census(int processes, int hidden) {}

  private static final int WRITABLE = 0200;
  private static final Name MAPS = Name.of("maps");
  private static final int LINE_BYTES_MAX = 3 * Scratch.PATH_BYTES;

  private final ConfinedRoot proc;
  private final Consumer<HeldFile> visitor;
  private final MemorySegment memory;
  private final Arena arena = Arena.ofConfined();
  private final byte[] bytes = new byte[Scratch.LARGE_BYTES + LINE_BYTES_MAX];
  private int processes;
  private int hidden;

  private HeldFiles(ConfinedRoot proc, Consumer<HeldFile> visitor) {
    this.proc = proc;
    this.visitor = visitor;
    this.memory = arena.allocate(Scratch.LARGE_BYTES);
  }

  /**
   * Shows each to a visitor, some of them more than once. What it is shown is valid for the call.
   *
   * @throws LinuxException if there is no {@code /proc}
   */
  public static Census visit(Consumer<HeldFile> visitor) throws LinuxException {
    try (var held = new HeldFiles(ConfinedRoot.open("/proc"), visitor)) {
      held.visitProcesses();
      return new Census(held.processes, held.hidden);
    }
  }

  private void visitProcesses() throws LinuxException {
    try (Directory top = proc.open(TreePath.ROOT);
        DirectoryEntries entries = top.entries()) {
      while (entries.next()) {
        Name name = entries.name();
        if (isNumber(name)) {
          visitProcess(TreePath.ROOT.resolve(name));
        }
      }
    }
  }

  private static boolean isNumber(Name name) {
    return name.at(0) >= '1' && name.at(0) <= '9';
  }

  /** A process may end at any moment, and then all of it is absent. */
  private void visitProcess(TreePath process) {
    processes++;
    try {
      visitLinks(process.resolve(Name.of("fd")));
      visitMappings(process);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        hidden++;
      }
    }
  }

  private void visitLinks(TreePath path) throws LinuxException {
    try (Directory links = proc.openIfPresent(path)) {
      if (links == null) {
        return;
      }
      try (DirectoryEntries entries = links.entries()) {
        while (entries.next()) {
          Name name = entries.name();
          FileStatus link = links.statusIfPresent(name);
          if (link != null && (link.permissions() & WRITABLE) != 0) {
            visitLink(links, name);
          }
        }
      }
    }
  }

  /** Sockets, pipes and the like have no path. */
  private void visitLink(Directory links, Name name) throws LinuxException {
    byte @Nullable [] path = target(links, name);
    if (path == null || path.length == 0 || path[0] != '/') {
      return;
    }
    Scratch scratch = Scratch.ofThisThread();
    long opened =
        Kernel.call(
            scratch,
            SystemCall.OPENAT,
            links.fd().number(),
            scratch.name(name),
            OpenFlags.PATH_ONLY | OpenFlags.CLOSE_ON_EXEC,
            0);
    if (opened < 0) {
      return;
    }
    try (Fd file = new Fd((int) opened, links.place().resolve(name))) {
      FileStatus status = file.status();
      if (status.isRegular() && status.linkCount() > 0) {
        visitor.accept(new HeldFile(path, status, file));
      }
    }
  }

  private static byte @Nullable [] target(Directory links, Name name) throws LinuxException {
    try {
      return links.readLink(name);
    } catch (LinuxException e) {
      if (e.isAbsent() || e.errno() == Errno.ENAMETOOLONG) {
        return null;
      }
      throw e;
    }
  }

  // Mappings: lines of text, as "7f5c1a2b3000-7f5c1a2b4000 rw-s 00000000 08:01 131 /srv/data"

  private void visitMappings(TreePath process) throws LinuxException {
    try (Directory directory = proc.openIfPresent(process);
        Fd maps = directory == null ? null : directory.openForReadingIfPresent(MAPS)) {
      if (maps != null) {
        visitLines(process, maps);
      }
    }
  }

  private void visitLines(TreePath process, Fd maps) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    int kept = 0;
    while (true) {
      long count =
          Kernel.call(
              scratch, SystemCall.READ, maps.number(), memory.address(), Scratch.LARGE_BYTES);
      if (count <= 0) {
        return; // nothing, or the process has ended
      }
      MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, kept, (int) count);
      int end = kept + (int) count;
      int start = 0;
      for (int at = kept; at < end; at++) {
        if (bytes[at] == '\n') {
          visitLine(process, start, at);
          start = at + 1;
        }
      }
      kept = Math.min(end - start, LINE_BYTES_MAX);
      System.arraycopy(bytes, end - kept, bytes, 0, kept);
    }
  }

  private void visitLine(TreePath process, int start, int end) throws LinuxException {
    int space = start;
    while (space < end && bytes[space] != ' ') {
      space++;
    }
    boolean isSharedWritable =
        space + 5 < end && bytes[space + 2] == 'w' && bytes[space + 4] == 's';
    if (isSharedWritable && hasPath(space, end)) {
      String range = new String(Arrays.copyOfRange(bytes, start, space), ISO_8859_1);
      visitMapping(process, Name.of(withoutZeros(range)));
    }
  }

  private boolean hasPath(int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == '/') {
        return true;
      }
    }
    return false;
  }

  /** The text has eight digits at least, the name of the link as many as it needs. */
  private static String withoutZeros(String range) {
    int dash = range.indexOf('-');
    return Long.toHexString(Long.parseUnsignedLong(range.substring(0, dash), 16))
        + "-"
        + Long.toHexString(Long.parseUnsignedLong(range.substring(dash + 1), 16));
  }

  private void visitMapping(TreePath process, Name range) throws LinuxException {
    try (Directory links = proc.openIfPresent(process.resolve(Name.of("map_files")))) {
      if (links != null) {
        visitLink(links, range);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
    proc.close();
  }
}
