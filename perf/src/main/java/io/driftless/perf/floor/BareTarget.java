package io.driftless.perf.floor;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Writes what one {@link BareSource} sends to where it belongs, and flushes it in the end. */
final class BareTarget {
  private final String root;
  private final SeededHash hash;
  private final Frames frames;
  private @Nullable Directory current;
  private final SequencedMap<TreePath, FileTimes> directories = new LinkedHashMap<>();

  /** The file whose parts came last. */
  private @Nullable Fd open;

  private byte[] openPath = {};
  private @Nullable FileTimes openTimes;

  BareTarget(String root, SeededHash hash, Frames frames) {
    this.root = root;
    this.hash = hash;
    this.frames = frames;
    frames.buffer().limit(0);
  }

  void run() throws IOException {
    try (ConfinedRoot volume = ConfinedRoot.open(root)) {
      while (takeIn(volume)) {
        // the next frame
      }
      closeOpen();
      closeCurrent();
      for (var directory : directories.sequencedEntrySet().reversed()) {
        try (Directory made = volume.open(directory.getKey())) {
          made.fd().setTimes(directory.getValue());
        }
      }
      volume.fd().syncFileSystem();
    }
  }

  private boolean takeIn(ConfinedRoot volume) throws IOException {
    frames.await();
    ByteBuffer buffer = frames.buffer();
    int start = buffer.position();
    int end = start + Integer.BYTES + buffer.getInt();
    byte kind = buffer.get();
    byte[] name = new byte[buffer.getShort()];
    int permissions = buffer.getInt();
    long seconds = buffer.getLong();
    int nanos = buffer.getInt();
    long offset = buffer.getLong();
    buffer.get(name);
    int length = end - buffer.position();
    long content = frames.address(buffer.position());
    buffer.position(end);
    if (length > 0) {
      var _ = hash.hash128(MemorySegment.ofAddress(content).reinterpret(length), 0, length);
    }
    var times = new FileTimes(seconds, nanos, seconds, nanos);
    switch (kind) {
      case Frames.DIRECTORY -> {
        if (name.length == 0) {
          current = volume.open(TreePath.ROOT);
        } else {
          makeDirectory(volume, TreePath.of(name), permissions);
          directories.put(TreePath.of(name), times);
        }
      }
      case Frames.FILE -> makeFile(Name.of(name), permissions, content, length, times);
      case Frames.PART -> part(volume, name, permissions, times).writeAt(offset, content, length);
      default -> {
        directories.putFirst(TreePath.ROOT, times);
        return false;
      }
    }
    return true;
  }

  private void makeDirectory(ConfinedRoot volume, TreePath path, int permissions)
      throws IOException {
    closeCurrent();
    try (Directory above = volume.open(path.parent())) {
      above.makeDirectory(path.name(), permissions);
      current = above.openChild(path.name());
    }
  }

  private void makeFile(Name name, int permissions, long content, int length, FileTimes times)
      throws IOException {
    Directory directory = current;
    if (directory == null) {
      throw new IOException("a small file at the top");
    }
    try (Fd file = directory.create(name, permissions)) {
      file.writeAt(0, content, length);
      file.setTimes(times);
    }
  }

  /** The other lane may be the first one that has to do with a file. */
  private Fd part(ConfinedRoot volume, byte[] path, int permissions, FileTimes times)
      throws IOException {
    Fd file = open;
    if (file != null && Arrays.equals(path, openPath)) {
      return file;
    }
    closeOpen();
    TreePath place = TreePath.of(path);
    try (Directory above = volume.open(place.parent())) {
      Fd made;
      try {
        made = above.create(place.name(), permissions);
      } catch (IOException e) {
        made = above.openForWriting(place.name());
      }
      open = made;
      openTimes = times;
      openPath = path;
      return made;
    }
  }

  private void closeOpen() throws IOException {
    try (Fd file = open) {
      if (file != null && openTimes != null) {
        file.setTimes(openTimes);
      }
    }
    open = null;
  }

  private void closeCurrent() {
    Directory directory = current;
    if (directory != null) {
      directory.close();
      current = null;
    }
  }
}
