package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;

/**
 * The root of a volume and who wants to hear of its changes. Used under the {@link Watcher}'s lock.
 *
 * @param root the volume's own, which outlives this
 * @param path where it is; this one's own
 */
record WatchedRoot(ConfinedRoot root, RootPath path, ChangeSink sink) implements AutoCloseable {
  static WatchedRoot open(ConfinedRoot root, ChangeSink sink) throws LinuxException {
    return new WatchedRoot(root, RootPath.open(root), sink);
  }

  Fd fd() {
    return path.fd();
  }

  @Override
  public void close() {
    path.close();
  }
}
