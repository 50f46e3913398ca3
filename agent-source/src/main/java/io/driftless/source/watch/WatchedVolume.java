package io.driftless.source.watch;

/** A volume that is watched until this is closed. Thread-safe. */
public interface WatchedVolume extends AutoCloseable {
  /** How; it may get worse while it runs, and then the sink has heard that all is in doubt. */
  WatchMethod method();

  /** How often the queue that it hears from has overflowed. */
  long overflows();

  /** Ends it. When this returns, its sink hears nothing more. */
  @Override
  void close();
}
