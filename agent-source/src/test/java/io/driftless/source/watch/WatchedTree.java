package io.driftless.source.watch;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Path;
import java.util.Set;

/** A directory that is watched as a volume, with the hints that come of what is done to it. */
final class WatchedTree implements AutoCloseable {
  interface Deed {
    void run() throws Exception;
  }

  final Path path;
  final ConfinedRoot root;
  final Directory top;
  final RecordingSink sink = new RecordingSink();
  final WatchedVolume volume;
  private final Watcher watcher;

  WatchedTree(Watcher watcher, Path path, WatchMethod.Kind best) throws Exception {
    this.watcher = watcher;
    this.path = path;
    this.root = ConfinedRoot.open(path.toString());
    this.top = root.open(TreePath.ROOT);
    this.volume = watcher.watch(root, sink, best);
  }

  /** Does something and returns every hint that came of it. */
  Set<String> hintsOf(Deed deed) throws Exception {
    settle();
    sink.take();
    deed.run();
    settle();
    return sink.take();
  }

  void settle() throws Exception {
    watcher.drained().get(20, SECONDS);
  }

  @Override
  public void close() {
    volume.close();
    top.close();
    root.close();
  }
}
