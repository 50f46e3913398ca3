package io.driftless.cli.assembly;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened, in the opposite order, all of it whatever fails. Confined to one thread.
 */
final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        failure = collect(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException collect(
      @org.jspecify.annotations.Nullable IOException failure, Exception next) {
    if (failure != null) {
      failure.addSuppressed(next);
      return failure;
    }
    return next instanceof IOException e
        ? e
        : new IOException("closing failed: " + next.getMessage(), next);
  }
}
