package io.driftless.protocol.listing;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a change that follows a look at a file always gives it another ctime.
 *
 * <p>Linux has it so from 6.13 on ("multigrain timestamps"): once a ctime has been asked for, the
 * next change takes the time from the clock itself if that of the last tick would look alike. The
 * file systems opt in; those that did in that version are listed here.
 */
final class FineTimes {
  private static final int MAJOR = 6;
  private static final int MINOR = 13;
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final boolean KERNEL_HAS_THEM = hasThem(System.getProperty("os.version", ""));

  private FineTimes() {}

  static boolean hasThem(String kernel) {
    Matcher version = VERSION.matcher(kernel);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > MAJOR || major == MAJOR && Integer.parseInt(version.group(2)) >= MINOR;
  }

  static boolean areOf(Fd file) throws LinuxException {
    if (!KERNEL_HAS_THEM) {
      return false;
    }
    long type = file.fileSystem().type();
    return type == FileSystem.EXT4
        || type == FileSystem.XFS
        || type == FileSystem.BTRFS
        || type == FileSystem.TMPFS;
  }
}
