package io.driftless.perf.data;

import java.io.IOException;
import java.nio.file.Path;

/** Trees of the same kind that differ in size alone. */
public sealed interface ScaledData {
  /** How many of what it is made of. */
  long size();

  /** The tree, made below {@code place} unless it is there already. */
  Path provide(Path place) throws IOException;

  /** So many files of the same size. */
  record EqualFiles(int count, int bytes) implements ScaledData {
    /** Of 700 bytes. */
    public static EqualFiles tiny(int count) {
      return new EqualFiles(count, DataSet.TINY_BYTES);
    }

    public static EqualFiles empty(int count) {
      return new EqualFiles(count, 0);
    }

    @Override
    public long size() {
      return count;
    }

    @Override
    public Path provide(Path place) throws IOException {
      return DataSet.provide(
          place,
          "%d-of-%d-bytes".formatted(count, bytes),
          root -> DataSet.treeOfFiles(bytes).write(root, count));
    }
  }

  /** One file of random bytes. */
  record OneFile(long bytes) implements ScaledData {
    @Override
    public long size() {
      return bytes;
    }

    @Override
    public Path provide(Path place) throws IOException {
      return DataSet.provide(
          place, "file-" + bytes, root -> DataSet.writeLarge(root.resolve("file"), bytes));
    }
  }
}
