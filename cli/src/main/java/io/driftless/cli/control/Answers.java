package io.driftless.cli.control;

/** Answers requests. Answers are given by one thread at a time. */
@FunctionalInterface
interface Answers {
  /**
   * Waits until a request is to be answered, on any thread: not at all, unless it asks to wait for
   * something, and never longer than {@link ControlRoutes#WAIT_MAX}.
   */
  default void await(ControlRequest request) throws InterruptedException {}

  ControlAnswer answer(ControlRequest request);
}
