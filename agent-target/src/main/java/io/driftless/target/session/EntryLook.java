package io.driftless.target.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.Obstacle;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Look;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.LookMessage.Presence;
import io.driftless.protocol.message.LookMessage.Treatment;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Owners;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.compare.Traits;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at one entry of the volume and compares it with the source's, changing nothing. */
final class EntryLook {
  private final ConfinedRoot root;
  private final Owners owners;
  private final Exclusions exclusions;
  private final SeededHash hash;
  private final InstantSource clock;
  private final TokenBucket disk;
  private final PoisonStore poison;
  private final Optional<Instant> lastWrote;

  /**
   * A look at a volume.
   *
   * @param lastWrote when this agent last wrote to it, if that is known
   */
  EntryLook(PassRun.Volume volume, Optional<Instant> lastWrote) throws LinuxException {
    this.root = volume.root();
    this.owners = volume.owners();
    this.exclusions = new OwnExclusions(volume.options().exclusions(), volume.root());
    this.hash = volume.hash();
    this.clock = volume.options().clock();
    this.disk = volume.options().disk();
    this.poison = volume.poison();
    this.lastWrote = lastWrote;
  }

  /** Looks; an interruption ends the reading of a large file. */
  Looked look(Look question) throws IOException, InterruptedException {
    try {
      Optional<Obstacle> obstacle = Obstacle.on(root, question.path());
      if (obstacle.isPresent()) {
        boolean isMount = obstacle.get().reason() == Obstacle.Reason.MOUNT_POINT;
        return nothing(
            isMount ? Presence.BEHIND_MOUNT : Presence.OBSTRUCTED, obstacle.get().toString());
      }
      return question.path().isRoot() ? lookAtRoot(question) : lookBelow(question);
    } catch (LinuxException e) {
      return e.isAbsent()
          ? nothing(Presence.ABSENT, "")
          : nothing(Presence.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static Looked nothing(Presence presence, String detail) {
    return new Looked(
        presence,
        Optional.empty(),
        Treatment.ORDINARY,
        Left.UNTOUCHED,
        List.of(),
        Optional.empty(),
        detail);
  }

  private Looked lookAtRoot(Look question) throws IOException {
    FileStatus status = root.fd().status();
    return found(
        question, status, MetadataReader.read(root.fd(), status), Treatment.ORDINARY, null, "");
  }

  private Looked lookBelow(Look question) throws IOException, InterruptedException {
    TreePath path = question.path();
    try (Directory above = root.openIfPresent(path.parent())) {
      FileStatus status = above == null ? null : above.statusIfPresent(path.name());
      if (above == null || status == null) {
        return nothing(Presence.ABSENT, "");
      }
      Metadata metadata = metadata(above, path, status);
      if (metadata == null) {
        return nothing(Presence.ABSENT, "");
      }
      boolean isRead = question.compare() == Compare.CONTENT && status.isRegular();
      Held held = isRead ? held(above, path) : null;
      return found(
          question, status, metadata, treatment(path, status.kind()), held, unread(isRead, held));
    }
  }

  private static String unread(boolean isRead, @Nullable Held held) {
    return isRead && (held == null || held.content() == null)
        ? "it changed on the target while it was read"
        : "";
  }

  private @Nullable Metadata metadata(Directory above, TreePath path, FileStatus status)
      throws LinuxException {
    if (!status.isDirectory()) {
      return SliceComparer.find(above, path.name(), status);
    }
    try (Directory directory = root.openIfPresent(path)) {
      return directory == null
          ? null
          : MetadataReader.read(directory.fd(), directory.fd().status());
    }
  }

  private @Nullable Held held(Directory above, TreePath path)
      throws LinuxException, InterruptedException {
    try (Fd file = above.openForReadingIfPresent(path.name());
        var examiner = new FileExaminer(hash, clock, new ContentReader(disk))) {
      if (file == null || !file.status().isRegular()) {
        return null;
      }
      Zeros zeros = Zeros.ofSize(file.status().size());
      return examiner.examine(file, zeros, Examine.BLOCK_BYTES_MIN, _ -> {});
    }
  }

  private Treatment treatment(TreePath path, Kind kind) {
    return exclusions.in(path.parent()).excludes(path.name(), kind)
        ? Treatment.EXCLUDED
        : Treatment.ORDINARY;
  }

  private Looked found(
      Look question,
      FileStatus status,
      Metadata metadata,
      Treatment treatment,
      @Nullable Held held,
      String detail)
      throws IOException {
    Metadata wanted = question.entry().map(Entry::metadata).map(owners::toTarget).orElse(null);
    var aspects = new ArrayList<>(Traits.sideBySide(wanted, metadata));
    if (status.isRegular()) {
      add(aspects, links(status));
    }
    if (isPoisoned(question.path())) {
      add(aspects, new Aspect(Trait.CONTENT, Likeness.OTHER, "", "not durable: the disk failed"));
    }
    ContentSum content = held == null ? null : held.content();
    return new Looked(
        Presence.PRESENT,
        Optional.of(metadata.kind()),
        treatment,
        left(status),
        List.copyOf(aspects),
        Optional.ofNullable(content).map(ContentSum::hash),
        detail);
  }

  private static void add(List<Aspect> aspects, Aspect more) {
    if (aspects.size() < Looked.ASPECTS_MAX) {
      aspects.add(more);
    }
  }

  /** Names may lie outside of the volume on either side, so their number proves nothing. */
  private static Aspect links(FileStatus status) {
    return new Aspect(Trait.LINKS, Likeness.NOT_COMPARED, "", Long.toString(status.linkCount()));
  }

  private boolean isPoisoned(TreePath path) throws IOException {
    return !path.isRoot() && new Poison(poison.poisoned()).contains(path.parent(), path);
  }

  private Left left(FileStatus status) {
    Instant changed = Instant.ofEpochSecond(status.changeSeconds(), status.changeNanos());
    return lastWrote.isPresent() && changed.isAfter(lastWrote.get())
        ? Left.CHANGED_SINCE
        : Left.UNTOUCHED;
  }
}
