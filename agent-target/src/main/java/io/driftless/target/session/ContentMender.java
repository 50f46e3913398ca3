package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.FileComparison.Outcome;
import io.driftless.target.session.FileComparison.Pair;
import io.driftless.target.session.FileKeeper.Meeting;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

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
          applier.want(slice, index, pair.entry, pair.path, Predecessor.of(pair.path, seen));
      case HOLES -> // what is here has the wrong ones
          applier.want(slice, index, pair.entry, pair.path, null);
      case EQUAL -> {
        if (seen == null || isShared(pair.entry, seen) || !isRight(slice, index, pair, seen)) {
          applier.want(slice, index, pair.entry, pair.path, Predecessor.of(pair.path, seen));
        }
      }
    }
    slice.question.flush();
  }

  private static boolean isShared(Entry entry, FileStatus seen) {
    return entry.linkRole() == LinkRole.ONLY && seen.linkCount() > 1;
  }

  /** Mends the metadata; false if it is another file by now. */
  private boolean isRight(Slice slice, int index, Pair pair, FileStatus seen)
      throws IOException, InterruptedException {
    TreePath path = pair.path;
    Metadata wanted = applier.wanted(pair.entry, path);
    var right = new AtomicBoolean(true);
    try (var place = new Place(slice.directory, pass)) {
      applier.withRoom(
          place,
          () -> {
            var meeting = new Meeting(index, pair.entry, path, wanted, place.find(path.name()));
            right.set(applier.keeper().keep(slice, place, meeting, seen));
          });
    } catch (ConfinementException e) {
      pass.replies().add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      applier.refuse(path, e);
    }
    return right.get();
  }
}
