package io.driftless.perf.floor;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads its part of a tree: every so-manieth of the directories at its top with all that is below
 * them, of the small files there, and of the stretches of the large ones there.
 */
final class BareSource {
  private static final long STRETCH_BYTES = 4 << 20;

  private final String root;
  private final int lane;
  private final int lanes;
  private final SeededHash hash;
  private final Frames frames;

  BareSource(String root, int lane, int lanes, SeededHash hash, Frames frames) {
    this.root = root;
    this.lane = lane;
    this.lanes = lanes;
    this.hash = hash;
    this.frames = frames;
  }

  void run() throws IOException {
    try (ConfinedRoot volume = ConfinedRoot.open(root);
        Directory top = volume.open(TreePath.ROOT)) {
      frames.begin(Frames.DIRECTORY, new byte[0], top.fd().status(), 0);
      frames.end(0, 0);
      List<Name> directories = files(top, true);
      for (int i = lane; i < directories.size(); i += lanes) {
        try (Directory below = top.openChild(directories.get(i))) {
          carry(below);
        }
      }
      frames.begin(Frames.END, new byte[0], top.fd().status(), 0);
      frames.end(0, 0);
    }
    frames.flush();
  }

  private void carry(Directory directory) throws IOException {
    FileStatus status = directory.fd().status();
    frames.begin(Frames.DIRECTORY, directory.path().toBytes(), status, 0);
    frames.end(directory.path().length(), 0);
    for (Name child : files(directory, false)) {
      try (Directory below = directory.openChild(child)) {
        carry(below);
      }
    }
  }

  /** Carries the files of a directory; returns the names of its directories. */
  private List<Name> files(Directory directory, boolean isShared) throws IOException {
    var directories = new ArrayList<Name>();
    int small = 0;
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        @Nullable FileStatus status = entries.statusIfPresent();
        if (status != null && status.isDirectory()) {
          directories.add(entries.name());
        } else if (status != null && status.isRegular()) {
          boolean isSmall = status.size() <= Frames.CONTENT_MAX;
          if (!isShared || !isSmall || small++ % lanes == lane) {
            carry(directory, entries.name(), isShared);
          }
        }
      }
    }
    return directories;
  }

  private void carry(Directory directory, Name name, boolean isShared) throws IOException {
    try (Fd file = directory.openForReading(name)) {
      FileStatus status = file.status();
      var _ = file.attributes();
      var _ = file.inodeFlags();
      if (status.size() <= Frames.CONTENT_MAX) {
        carry(file, Frames.FILE, name.toBytes(), status, 0);
        var _ = file.status();
        return;
      }
      byte[] path = directory.path().resolve(name).toBytes();
      long step = isShared ? lanes * STRETCH_BYTES : STRETCH_BYTES;
      long first = isShared ? lane * STRETCH_BYTES : 0;
      for (long stretch = first; stretch < status.size(); stretch += step) {
        long end = Math.min(status.size(), stretch + STRETCH_BYTES);
        for (long offset = stretch; offset < end; offset += Frames.CONTENT_MAX) {
          carry(file, Frames.PART, path, status, offset);
        }
      }
    }
  }

  private void carry(Fd file, byte kind, byte[] name, FileStatus status, long offset)
      throws IOException {
    frames.begin(kind, name, status, offset);
    int length = (int) Math.min(status.size() - offset, Frames.CONTENT_MAX);
    int read = length == 0 ? 0 : file.readAt(offset, frames.contentAt(), length);
    if (read < length) {
      throw new IOException("%s became shorter".formatted(file));
    }
    var _ = hash.hash128(MemorySegment.ofAddress(frames.contentAt()).reinterpret(read), 0, read);
    frames.end(name.length, read);
  }
}
