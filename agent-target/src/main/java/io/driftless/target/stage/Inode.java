package io.driftless.target.stage;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;

/** An inode whose metadata is to be written: by descriptor, or by a name that is never followed. */
public sealed interface Inode {
  FileStatus status() throws LinuxException;

  void chown(int uid, int gid) throws LinuxException;

  void chmod(int permissions) throws LinuxException;

  void setTimes(FileTimes times) throws LinuxException;

  void setAttribute(byte[] name, byte[] value) throws LinuxException;

  boolean removeAttribute(byte[] name) throws LinuxException;

  int flags() throws LinuxException;

  void setFlags(int flags) throws LinuxException;

  /** A regular file or a directory. */
  record Opened(Fd fd) implements Inode {
    @Override
    public FileStatus status() throws LinuxException {
      return fd.status();
    }

    @Override
    public void chown(int uid, int gid) throws LinuxException {
      fd.chown(uid, gid);
    }

    @Override
    public void chmod(int permissions) throws LinuxException {
      fd.chmod(permissions);
    }

    @Override
    public void setTimes(FileTimes times) throws LinuxException {
      fd.setTimes(times);
    }

    @Override
    public void setAttribute(byte[] name, byte[] value) throws LinuxException {
      fd.setAttribute(name, value);
    }

    @Override
    public boolean removeAttribute(byte[] name) throws LinuxException {
      return fd.removeAttribute(name);
    }

    @Override
    public int flags() throws LinuxException {
      return fd.inodeFlags();
    }

    @Override
    public void setFlags(int flags) throws LinuxException {
      fd.setInodeFlags(flags);
    }
  }

  /** What is better not opened: symbolic links, devices, pipes and sockets. */
  record Named(Directory directory, Name name, Kind kind) implements Inode {
    @Override
    public FileStatus status() throws LinuxException {
      return directory.status(name);
    }

    @Override
    public void chown(int uid, int gid) throws LinuxException {
      directory.chown(name, uid, gid);
    }

    /** Symbolic links have no permissions of their own. */
    @Override
    public void chmod(int permissions) throws LinuxException {
      if (kind != Kind.SYMLINK) {
        directory.chmod(name, permissions);
      }
    }

    @Override
    public void setTimes(FileTimes times) throws LinuxException {
      directory.setTimes(name, times);
    }

    @Override
    public void setAttribute(byte[] attribute, byte[] value) throws LinuxException {
      directory.setAttribute(name, attribute, value);
    }

    @Override
    public boolean removeAttribute(byte[] attribute) throws LinuxException {
      return directory.removeAttribute(name, attribute);
    }

    @Override
    public int flags() {
      return 0;
    }

    @Override
    public void setFlags(int flags) {}
  }
}
