package io.driftless.source.agent;

import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.VolumeStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;

/** What a barrier must know of a volume. Thread-safe; nothing here waits. */
interface Provable {
  String name();

  VolumeStatus status();

  /** Asks for a pass that begins after this call. */
  long request(PassRequest request);

  Optional<PassProgress> progress(long pass) throws IOException;

  /** Whether changes are noticed as they happen, and shipped. */
  boolean isWatched();

  /** Ends when every change from before this call has been taken note of. */
  Future<?> drained();

  /** Whether only a pass can tell what has changed. */
  boolean isInDoubt();

  /** Since when something has changed that isn't durable on the target; monotonic nanoseconds. */
  OptionalLong dirtySince();
}
