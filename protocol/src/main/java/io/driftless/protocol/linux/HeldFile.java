package io.driftless.protocol.linux;

/** A regular file with a name at least that some process can write to. Valid while it is shown. */
public final class HeldFile {
  private final byte[] path;
  private final FileStatus status;
  private final Fd file;

  HeldFile(byte[] path, FileStatus status, Fd file) {
    this.path = path;
    this.status = status;
    this.file = file;
  }

  /**
   * Where it is by the mount that the process came through: for a process with mounts of its own,
   * or a file that lost the name it was opened by, it is somewhere else or nowhere.
   */
  public byte[] path() {
    return path.clone();
  }

  public FileStatus status() {
    return status;
  }

  /** Where one of its names is by another mount of the same file system. */
  public PathFinder.Answer find(PathFinder finder, Fd mount) {
    return finder.findFile(mount, file);
  }
}
