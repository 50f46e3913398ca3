package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Journal;
import io.driftless.protocol.linux.LinuxException;

/** The file system of a volume; syncfs goes to a descriptor that is held since it was opened. */
public final class VolumeStorage implements DurableStorage {
  private final ConfinedRoot root;
  private final boolean isOrdered;

  /**
   * The storage of a volume.
   *
   * @param root closed by its owner, later
   */
  public VolumeStorage(ConfinedRoot root) throws LinuxException {
    this.root = root;
    this.isOrdered = Journal.ordersMetadata(root.fd());
  }

  @Override
  public void sync() throws LinuxException {
    root.fd().syncFileSystem();
  }

  @Override
  public boolean isOrdered() {
    return isOrdered;
  }
}
