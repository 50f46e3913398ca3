package io.driftless.source.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.source.watch.DirtySet;
import io.driftless.source.watch.UnnoticedWrites;
import io.driftless.source.watch.WatchMethod;
import io.driftless.source.watch.WatchMethod.Kind;
import io.driftless.source.watch.WatchedVolume;
import io.driftless.source.watch.Watcher;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A volume whose changes are noticed, as far as that goes, with the root that is held for it. */
final class Watched implements Watch {
  static final String FANOTIFY = nameOf(Kind.FANOTIFY);

  private final @Nullable ConfinedRoot root;
  private final @Nullable WatchedVolume volume;
  private final String whyNot;
  private final @Nullable UnnoticedWrites unnoticed;

  private Watched(@Nullable ConfinedRoot root, @Nullable WatchedVolume volume, String whyNot) {
    this.root = root;
    this.volume = volume;
    this.whyNot = whyNot;
    this.unnoticed = root == null ? null : new UnnoticedWrites(root);
  }

  static Watched begin(Watcher watcher, Path path, DirtySet dirty) {
    ConfinedRoot root;
    try {
      root = ConfinedRoot.open(path.toString());
    } catch (LinuxException e) {
      return new Watched(null, null, String.valueOf(e.getMessage()));
    }
    try {
      return new Watched(root, watcher.watch(root, dirty), "");
    } catch (LinuxException e) {
      root.close();
      return new Watched(null, null, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean isBlind() {
    return volume == null || volume.method().kind() == Kind.NONE;
  }

  @Override
  public boolean hasNoRoot() {
    return root == null;
  }

  @Override
  public String method() {
    return isBlind() || volume == null ? BLIND : nameOf(volume.method().kind());
  }

  private static String nameOf(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String reason() {
    WatchMethod method = volume == null ? null : volume.method();
    return method == null ? whyNot : method.reason();
  }

  @Override
  public long overflows() {
    return volume == null ? 0 : volume.overflows();
  }

  @Override
  public void sweep(DirtySet dirty) {
    if (unnoticed != null) {
      unnoticed.sweep(dirty);
    }
  }

  @Override
  public void close() {
    if (volume != null) {
      volume.close();
    }
    if (root != null) {
      root.close();
    }
  }
}
