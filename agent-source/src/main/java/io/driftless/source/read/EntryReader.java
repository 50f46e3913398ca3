package io.driftless.source.read;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads entries so that what is put together belongs together. Thread-safe. */
public final class EntryReader {
  private static final int ATTEMPTS = 3;

  private final Consumer<Metadata> observer;
  private final ToLongFunction<FileStatus> versions;

  /**
   * A reader.
   *
   * @param observer told of all metadata that it collects, before anybody else sees them
   * @param writeback of the volume
   */
  public EntryReader(Consumer<Metadata> observer, Writeback writeback) {
    this.observer = observer;
    this.versions = writeback::versionOf;
  }

  private EntryReader(Consumer<Metadata> observer) {
    this.observer = observer;
    this.versions = FileVersion::of;
  }

  /** A reader for a look: what changes through mappings meanwhile may go unnoticed. */
  public EntryReader() {
    this(_ -> {});
  }

  /** A reader of entries whose content is known not to have changed. */
  public static EntryReader trusting(Consumer<Metadata> observer) {
    return new EntryReader(observer);
  }

  /** Finds out which part a name of this inode plays. */
  @FunctionalInterface
  public interface RoleOf {
    /**
     * The role.
     *
     * @throws IOException if the names of inodes can't be kept track of
     */
    LinkRole of(FileStatus status) throws IOException;
  }

  /**
   * The entry behind an open descriptor.
   *
   * @param name absent for the root of the volume
   * @param status of the descriptor
   */
  public Entry read(@Nullable Name name, Fd fd, FileStatus status, LinkRole role)
      throws LinuxException, UncarriableException {
    return entry(name, MetadataReader.read(fd, status), role, status);
  }

  /**
   * An entry that is not opened, of any kind.
   *
   * @param role asked with the status that counts, once or more often
   * @return null if nothing has this name any more
   */
  public @Nullable Entry read(Directory directory, Name name, RoleOf role)
      throws IOException, UncarriableException {
    for (int attempt = 1; ; attempt++) {
      FileStatus status = directory.statusIfPresent(name);
      if (status == null) {
        return null;
      }
      if (status.isMountRoot()) {
        throw new UncarriableException(
            UncarriableException.MOUNT_POINT, "something is mounted on it");
      }
      try {
        Metadata metadata = MetadataReader.read(directory, name, status);
        if (isOfOneInode(directory, name, status, metadata)) {
          return entry(name, metadata, role.of(status), status);
        }
      } catch (LinuxException e) {
        if (e.isAbsent()) {
          return null;
        }
        if (attempt == ATTEMPTS || !isReplacement(e)) {
          throw e;
        }
      }
      if (attempt == ATTEMPTS) {
        throw new UncarriableException(
            "changing", "it was replaced %d times while it was looked at".formatted(ATTEMPTS));
      }
    }
  }

  /** Read by name, what makes up the metadata may come from one inode and from the next. */
  private static boolean isOfOneInode(
      Directory directory, Name name, FileStatus status, Metadata metadata) throws LinuxException {
    boolean isStatusAlone =
        metadata.attributes().isEmpty() && metadata.flags() == 0 && metadata.kind() != Kind.SYMLINK;
    if (isStatusAlone) {
      return true;
    }
    FileStatus now = directory.statusIfPresent(name);
    return now != null && FileVersion.of(now) == FileVersion.of(status);
  }

  /** What a call says of an entry that is no longer of the kind that it was. */
  private static boolean isReplacement(LinuxException e) {
    return e.errno() == Errno.EINVAL
        || e.errno() == Errno.ELOOP
        || e.errno() == Errno.ENXIO
        || e.errno() == Errno.ENOTDIR;
  }

  /**
   * A directory that won't open, as far as it can be seen from above.
   *
   * @return null if it is none any more
   */
  public @Nullable Entry readShutDirectory(Directory above, Name name)
      throws LinuxException, UncarriableException {
    FileStatus status = above.statusIfPresent(name);
    if (status == null || !status.isDirectory()) {
      return null;
    }
    return entry(name, MetadataReader.readShut(above, name, status), LinkRole.ONLY, status);
  }

  private Entry entry(@Nullable Name name, Metadata metadata, LinkRole role, FileStatus status)
      throws UncarriableException {
    var entry = new Entry(name, metadata, role, versions.applyAsLong(status));
    if (!metadata.attributes().isEmpty()
        && EntryCodec.coreBytes(entry) > EntryCodec.MAX_CORE_BYTES) {
      throw new UncarriableException(
          "attributes-too-large",
          "its %d extended attributes take more than %d bytes together"
              .formatted(metadata.attributes().size(), EntryCodec.MAX_CORE_BYTES));
    }
    observer.accept(metadata);
    return entry;
  }
}
