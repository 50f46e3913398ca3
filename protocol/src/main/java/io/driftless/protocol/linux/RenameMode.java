package io.driftless.protocol.linux;

/** What a rename does with an entry that already has the new name. */
public enum RenameMode {
  REPLACE(0),
  /** Fails with EEXIST. */
  KEEP(1),
  /** Swaps the two, atomically; both must exist. */
  EXCHANGE(2);

  final int flags;

  RenameMode(int flags) {
    this.flags = flags;
  }
}
