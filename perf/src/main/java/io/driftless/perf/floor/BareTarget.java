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
  private final SequencedMap<TreePath, Metadata> directories = new LinkedHashMap<>();

  /** The file whose parts came last. */
  private @Nullable Fd open;

  private byte[] openPath = {};
  private @Nullable Metadata openMetadata;

  private record Metadata(int permissions, int uid, int gid, FileTimes times) {
    /** What is made belongs to root already. */
    void apply(Fd fd) throws IOException {
      if (uid != 0 || gid != 0) {
        fd.chown(uid, gid);
      }
      fd.setTimes(times);
    }
  }

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
          directory.getValue().apply(made.fd());
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
    int uid = buffer.getInt();
    int gid = buffer.getInt();
    long offset = buffer.getLong();
    buffer.get(name);
    int length = end - buffer.position();
    long content = frames.address(buffer.position());
    buffer.position(end);
    if (length > 0) {
      var _ = hash.hash128(MemorySegment.ofAddress(content).reinterpret(length), 0, length);
    }
    var metadata =
        new Metadata(permissions, uid, gid, new FileTimes(seconds, nanos, seconds, nanos));
    switch (kind) {
      case Frames.DIRECTORY -> {
        if (name.length == 0) {
          current = volume.open(TreePath.ROOT);
        } else {
          makeDirectory(volume, TreePath.of(name), metadata);
          directories.put(TreePath.of(name), metadata);
        }
      }
      case Frames.FILE -> makeFile(Name.of(name), metadata, content, length);
      case Frames.PART -> part(volume, name, metadata).writeAt(offset, content, length);
      default -> {
        directories.putFirst(TreePath.ROOT, metadata);
        return false;
      }
    }
    return true;
  }

  private void makeDirectory(ConfinedRoot volume, TreePath path, Metadata metadata)
      throws IOException {
    closeCurrent();
    try (Directory above = volume.open(path.parent())) {
      above.makeDirectory(path.name(), metadata.permissions);
      current = above.openChild(path.name());
    }
  }

  private void makeFile(Name name, Metadata metadata, long content, int length) throws IOException {
    Directory directory = current;
    if (directory == null) {
      throw new IOException("a small file at the top");
    }
    try (Fd file = directory.create(name, metadata.permissions)) {
      file.writeAt(0, content, length);
      metadata.apply(file);
    }
  }

  /** The other lane may be the first one that has to do with a file. */
  private Fd part(ConfinedRoot volume, byte[] path, Metadata metadata) throws IOException {
    Fd file = open;
    if (file != null && Arrays.equals(path, openPath)) {
      return file;
    }
    closeOpen();
    TreePath place = TreePath.of(path);
    try (Directory above = volume.open(place.parent())) {
      Fd made;
      try {
        made = above.create(place.name(), metadata.permissions);
      } catch (IOException e) {
        made = above.openForWriting(place.name());
      }
      open = made;
      openMetadata = metadata;
      openPath = path;
      return made;
    }
  }

  private void closeOpen() throws IOException {
    try (Fd file = open) {
      if (file != null && openMetadata != null) {
        openMetadata.apply(file);
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
