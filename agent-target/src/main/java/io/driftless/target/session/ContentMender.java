package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.session.FileComparison.Outcome;
import io.driftless.target.session.FileComparison.Pair;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Goes on with files that look unchanged, once both sides have read them. Stateless. */
final class ContentMender implements FileComparison.Judge {
  private final PassParts pass;
  private final EntryApplier applier;

  ContentMender(PassParts pass, EntryApplier applier) {
    this.pass = pass;
    this.applier = applier;
  }

  @Override
  public void judge(Slice slice, int index, Pair pair, Outcome outcome)
      throws IOException, InterruptedException {
    FileStatus seen = pair.seen;
    switch (outcome) {
      case NOTHING_TO_SAY -> {}
      case CONTENT, SOURCE_CHANGED, TARGET_CHANGED ->
          applier.want(slice, index, pair.entry, pair.path, seen);
      case HOLES -> // what is here has the wrong ones
          applier.want(slice, index, pair.entry, pair.path, null);
      case EQUAL -> {
        if (isShared(pair.entry, seen) || !isRight(slice, pair.entry, pair.path)) {
          applier.want(slice, index, pair.entry, pair.path, seen);
        }
      }
    }
    slice.question.flush();
  }

  private static boolean isShared(Entry entry, @Nullable FileStatus seen) {
    return entry.linkRole() == LinkRole.ONLY && seen != null && seen.linkCount() > 1;
  }

  /** Mends the metadata; false if it is another file by now. */
  private boolean isRight(Slice slice, Entry entry, TreePath path)
      throws IOException, InterruptedException {
    Metadata wanted = applier.wanted(entry, path);
    var right = new AtomicBoolean(true);
    try (var place = new Place(slice.directory, pass)) {
      applier.withRoom(
          place,
          () -> {
            FileStatus here = place.find(path.name());
            Metadata found =
                here == null ? null : SliceComparer.find(place.directory(), path.name(), here);
            right.set(
                here != null && found != null && applier.isRight(place, here, found, wanted, path));
          });
    } catch (ConfinementException e) {
      pass.replies().add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      applier.refuse(path, e);
    }
    return right.get();
  }
}
