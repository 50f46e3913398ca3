package io.driftless.source.agent;

import io.driftless.source.watch.DirtySet;
import java.nio.file.Path;

/** How changes of one volume are noticed, as far as that goes, until this is closed. */
interface Watch extends AutoCloseable {
  /** The method where nothing is noticed. */
  String BLIND = "passes";

  boolean isBlind();

  /** The root could not be opened at all. */
  boolean hasNoRoot();

  String method();

  /** Why it is not a better method; may be empty. */
  String reason();

  long overflows();

  /** Makes dirty what somebody may have written to unnoticed since this was called last. */
  void sweep(DirtySet dirty);

  @Override
  void close();

  /** Begins to notice what changes. */
  @FunctionalInterface
  interface Opener {
    Watch begin(Path root, DirtySet dirty);
  }
}
