package io.driftless.target.session;

import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.LinuxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the kernel says of one entry, and of no other. */
final class EntryRefusal {
  private static final Map<Errno, String> REASONS =
      Map.of(
          Errno.ENAMETOOLONG, "name-too-long",
          Errno.EPERM, "not-permitted",
          Errno.EACCES, "not-permitted",
          Errno.EINVAL, "name-unsupported",
          Errno.EILSEQ, "name-unsupported",
          Errno.EFBIG, "file-too-large",
          Errno.ENXIO, "kind-unsupported",
          Errno.EOPNOTSUPP, "kind-unsupported",
          Errno.EBUSY, "mount-in-the-way",
          Errno.EXDEV, "mount-in-the-way");

  private EntryRefusal() {}

  /** The reason of a problem, or null where it concerns more than this entry. */
  static @Nullable String reasonOf(LinuxException e) {
    return REASONS.get(e.errno());
  }
}
