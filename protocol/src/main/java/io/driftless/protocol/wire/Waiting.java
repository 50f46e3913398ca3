package io.driftless.protocol.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what event loops do, with a bound. */
final class Waiting {
  private Waiting() {}

  /** The result; a failure that is no {@code IOException} becomes the cause of one. */
  static <T> T on(CompletableFuture<T> future, Duration max, String what)
      throws IOException, InterruptedException {
    try {
      return future.get(max.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late(what, max, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException timeout) {
        throw late(what, max, timeout);
      }
      if (e.getCause() instanceof WireException known) {
        throw known;
      }
      throw new IOException("%s did not come".formatted(what), e.getCause());
    }
  }

  private static WireException late(String what, Duration max, TimeoutException cause) {
    return new WireException(
        "timeout",
        "%s did not come within %d s".formatted(what, max.toSeconds()),
        "",
        WireException.Retry.WORTHWHILE,
        cause);
  }
}
