package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    this.isOrdered = isOrdered(root);
  }

  /** XFS always has a journal; ext4 usually, and ext2 has the same number and never has one. */
  private static boolean isOrdered(ConfinedRoot root) throws LinuxException {
    long type = root.fd().fileSystem().type();
    if (type == FileSystem.XFS) {
      return true;
    }
    return type == FileSystem.EXT4 && hasJournal(root.fd().status().device());
  }

  private static boolean hasJournal(long device) {
    Path block = Path.of("/sys/dev/block/%d:%d".formatted(device >>> 32, (int) device));
    try {
      String name = block.toRealPath().getFileName().toString();
      Path task = Path.of("/sys/fs/ext4", name, "journal_task");
      return !Files.readString(task).strip().equals("<none>");
    } catch (IOException e) {
      return false; // then nothing is taken for granted
    }
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
