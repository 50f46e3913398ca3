package io.driftless.source.scan;

/** Whether all names of a directory, or of a scope, were seen. */
enum Reach {
  ALL,
  SOME
}
