package io.driftless.perf.data;

import java.io.IOException;
import java.nio.file.Path;

/** Trees of the same kind that differ in size alone. */
public sealed interface ScaledData {
  /** How many of what it is made of. */
  long size();

  /** The tree, made below {@code place} unless it is there already. */
  Path provide(Path place) throws IOException;

  /** So many files without content. */
  record EmptyFiles(int count) implements ScaledData {
    @Override
    public long size() {
      return count;
    }

    @Override
    public Path provide(Path place) throws IOException {
      return DataSet.provide(
          place, "empty-" + count, root -> DataSet.emptyTree().write(root, count));
    }
  }

  /** So many files of 700 bytes. */
  record TinyFiles(int count) implements ScaledData {
    @Override
    public long size() {
      return count;
    }

    @Override
    public Path provide(Path place) throws IOException {
      return DataSet.provide(place, "tiny-" + count, root -> DataSet.tinyTree().write(root, count));
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
