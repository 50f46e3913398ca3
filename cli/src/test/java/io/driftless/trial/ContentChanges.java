package io.driftless.trial;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.trial.Surroundings.NothingFitsException;
import io.driftless.trial.TreeModel.Node;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Random changes of what files contain. Each says what it did. */
final class ContentChanges {
  private static final long SIZE_MAX = 6 << 20;

  private final Surroundings here;

  ContentChanges(Surroundings here) {
    this.here = here;
  }

  /** One change of an open file of this size; says what it is. */
  private interface Edit {
    String apply(Fd file, long size) throws IOException;
  }

  /** Now and then with the mtime put back. */
  private String edit(Edit edit) throws NothingFitsException, IOException {
    Node node = here.anyFile();
    FileStatus before = here.status(node);
    try (Fd file = here.openForWriting(node)) {
      String told = edit.apply(file, before.size());
      if (here.values().oneIn(4)) {
        file.setTimes(FileTimes.modified(before.modifiedSeconds(), before.modifiedNanos()));
        told += ", mtime put back,";
      }
      return told + " in " + node;
    }
  }

  private long offsetIn(long size) {
    return size == 0 ? 0 : here.random().nextLong(size);
  }

  private void write(Fd file, long offset, long length) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      file.writeAt(offset, here.values().content(arena, length));
    }
  }

  /** The size stays. */
  String overwrite() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      int times = 1 + here.random().nextInt(5);
      for (int i = 0; i < times; i++) {
        long offset = offsetIn(size);
        write(file, offset, Math.min(size - offset, here.values().smallLength()));
      }
      return "overwrite %d ranges".formatted(times);
    });
  }

  String append() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      long length = size > SIZE_MAX ? 0 : here.values().smallLength();
      write(file, size, length);
      return "append %d bytes".formatted(length);
    });
  }

  String truncate() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      long length = here.values().oneIn(3) ? Math.min(size * 2, SIZE_MAX) : offsetIn(size);
      file.truncate(length);
      return "truncate to %d bytes".formatted(length);
    });
  }

  String punch() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      long offset = offsetIn(size);
      long length = 1L + here.random().nextInt(200_000);
      file.punchHole(offset, length);
      return "punch %d bytes at %d".formatted(length, offset);
    });
  }

  String reserve() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      file.reserve(size, 50_000);
      return "reserve";
    });
  }

  String writeBeyondTheEnd() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      long offset = Math.min(size, SIZE_MAX) + here.random().nextInt(300_000);
      write(file, offset, here.values().smallLength());
      return "write beyond the end at %d".formatted(offset);
    });
  }

  /** Everything behind moves. */
  String insert() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      long offset = offsetIn(Math.min(size, SIZE_MAX));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment rest = arena.allocate(Math.min(size, SIZE_MAX) - offset);
        file.readAt(offset, rest);
        long length = 1L + here.random().nextInt(2000);
        write(file, offset, length);
        file.writeAt(offset + length, rest);
        return "insert %d bytes at %d".formatted(length, offset);
      }
    });
  }

  String storeThroughMapping() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      if (size == 0) {
        return "store nothing";
      }
      long offset = offsetIn(size);
      var path = Path.of("/proc/self/fd/" + file.number());
      try (Arena arena = Arena.ofConfined();
          var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long length = Math.min(size - offset, 5000);
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, offset, length, arena);
        mapped.copyFrom(here.values().content(arena, length));
        mapped.force();
      }
      return "store through a mapping at %d".formatted(offset);
    });
  }

  /** A file becomes another one's copy, by shared extents where there are such. */
  String copyOver() throws NothingFitsException, IOException {
    Node from = here.anyFile();
    try (Fd other = here.openForWriting(from)) {
      long size = Math.min(other.status().size(), SIZE_MAX);
      return edit((file, _) -> {
        if (file.status().inode() == other.status().inode()) {
          return "copy nothing";
        }
        file.truncate(0);
        other.copyRange(0, file, 0, size);
        return "copy %s".formatted(from);
      });
    }
  }

  String restoreTimeAlone() throws NothingFitsException, IOException {
    return edit((file, size) -> {
      write(file, offsetIn(size), 0);
      file.setTimes(FileTimes.modified(here.values().seconds(), here.values().nanos()));
      return "touch";
    });
  }
}
