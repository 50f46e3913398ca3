package io.driftless.target.commit;

/** Whether a directory with entries in it may make way for an entry of another kind. */
public enum Replacing {
  EMPTY_DIRECTORIES,
  ALL_DIRECTORIES
}
