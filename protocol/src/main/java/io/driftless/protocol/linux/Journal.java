package io.driftless.protocol.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is known of a file system's journal. */
public final class Journal {
  private static final String NONE = "<none>";

  private Journal() {}

  /**
   * Whether changes of metadata become durable in the order in which they were made, so that an
   * fsync of the inode that was changed last does so with all before it. So it is with the logs of
   * ext4 and XFS; ext4 may have none, and ext2, which has the same number, never has.
   *
   * @param anywhere on the file system
   */
  public static boolean ordersMetadata(Fd anywhere) throws LinuxException {
    long type = anywhere.fileSystem().type();
    return type == FileSystem.XFS || type == FileSystem.EXT4 && isThere(anywhere.status().device());
  }

  private static boolean isThere(long device) {
    Path block = Path.of("/sys/dev/block/%d:%d".formatted(device >>> 32, (int) device));
    try {
      Path name = block.toRealPath().getFileName();
      return name != null && !readTask(name.toString()).equals(NONE);
    } catch (IOException e) {
      return false; // then nothing is taken for granted
    }
  }

  private static String readTask(String device) throws IOException {
    return Files.readString(Path.of("/sys/fs/ext4", device, "journal_task")).strip();
  }
}
