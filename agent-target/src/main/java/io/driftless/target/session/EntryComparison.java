package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.compare.Traits;
import io.driftless.target.compare.Traits.Differing;
import io.driftless.target.session.FileComparison.Outcome;
import io.driftless.target.session.FileComparison.Pair;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares entries that the source lists with what is there, and tells what differs. */
final class EntryComparison {
  private final PassParts pass;
  private final DifferenceFeed feed;
  private final Optional<Instant> lastPass;

  /**
   * A comparison for one pass.
   *
   * @param lastPass when this agent last wrote to the volume, if that is known
   */
  EntryComparison(PassParts pass, DifferenceFeed feed, Optional<Instant> lastPass) {
    this.pass = pass;
    this.feed = feed;
    this.lastPass = lastPass;
  }

  /**
   * Compares a directory itself.
   *
   * @param here the directory, or null where there is none
   */
  void self(TreePath path, Entry self, @Nullable Directory here)
      throws IOException, InterruptedException {
    if (here == null) {
      missingDirectory(path);
      return;
    }
    FileStatus status = here.fd().status();
    tellAll(path, wanted(self), MetadataReader.read(here.fd(), status), status);
  }

  private void missingDirectory(TreePath path) throws IOException, InterruptedException {
    try (Directory above = pass.comparer().openIfDirectory(path.parent())) {
      FileStatus other = above == null ? null : above.statusIfPresent(path.name());
      String found = other == null ? "" : Traits.word(other.kind());
      Trait trait = other == null ? Trait.MISSING : Trait.TYPE;
      FileStatus changed = other != null || above == null ? other : above.fd().status();
      tell(path, Kind.DIRECTORY, trait, changed, Traits.word(Kind.DIRECTORY), found);
    }
  }

  /**
   * Compares an entry that isn't a directory.
   *
   * @param here the directory that holds it, or null where there is none
   * @return the status of what is here, or null if nothing is
   */
  @Nullable FileStatus entry(TreePath path, Entry entry, @Nullable Directory here)
      throws IOException, InterruptedException {
    FileStatus status = here == null ? null : here.statusIfPresent(path.name());
    Metadata found =
        here == null || status == null ? null : SliceComparer.find(here, path.name(), status);
    if (here == null || status == null || found == null) {
      FileStatus above = here == null ? null : here.fd().status();
      tell(path, entry.kind(), Trait.MISSING, above, Traits.word(entry.kind()), "");
      return null;
    }
    tellAll(path, wanted(entry), found, status);
    compareLinks(path, entry, status);
    if (!path.isRoot() && pass.poison().contains(path.parent(), path)) {
      tell(path, entry.kind(), Trait.CONTENT, status, "", "not durable");
    }
    return status;
  }

  /** A file of its own must not be shared; how groups are shared is compared with the groups. */
  private void compareLinks(TreePath path, Entry entry, FileStatus status)
      throws InterruptedException {
    if (entry.linkRole() == LinkRole.ONLY
        && entry.kind() == status.kind()
        && status.linkCount() > 1) {
      tell(
          path,
          entry.kind(),
          Trait.LINKS,
          status,
          "1 name",
          "%d names".formatted(status.linkCount()));
    }
  }

  private Metadata wanted(Entry entry) {
    return pass.owners().toTarget(entry.metadata());
  }

  private void tellAll(TreePath path, Metadata wanted, Metadata found, FileStatus status)
      throws InterruptedException {
    if (found.sameAs(wanted)) {
      return;
    }
    for (Differing each : Traits.between(wanted, found)) {
      tell(path, wanted.kind(), each.trait(), status, each.source(), each.target());
    }
  }

  /** Tells what the files of both sides hold, where that differs. */
  void tell(Pair pair, Outcome outcome) throws InterruptedException {
    switch (outcome) {
      case EQUAL, NOTHING_TO_SAY -> {}
      case CONTENT -> tell(pair, Trait.CONTENT, content(pair.there), content(pair));
      case HOLES -> tell(pair, Trait.HOLES, layout(pair.there), layout(pair.here));
      case SOURCE_CHANGED -> busy(pair, whatBecame(hasGone(pair.there)) + " at the source", "");
      case TARGET_CHANGED -> busy(pair, "", whatBecame(pair.isGone) + " on the target");
    }
  }

  private static boolean hasGone(@Nullable Examination there) {
    return there != null && there.reading() == Reading.VANISHED;
  }

  private static String whatBecame(boolean hasGone) {
    return hasGone ? "vanished" : "changed";
  }

  private void tell(Pair pair, Trait trait, String source, String target)
      throws InterruptedException {
    tell(pair.path, Kind.REGULAR, trait, pair.seen, source, target);
  }

  private void busy(Pair pair, String source, String target) throws InterruptedException {
    pass.tally().busyFiles.increment();
    tell(pair.path, Kind.REGULAR, Trait.BUSY, null, source, target);
  }

  private static String content(@Nullable Examination there) {
    return there == null ? "" : there.content().map(ContentSum::toString).orElse("");
  }

  private static String content(Pair pair) {
    Held here = pair.here;
    return here == null
        ? "can't be read: " + pair.failure
        : here.content() == null ? "" : here.content().toString();
  }

  private static String layout(@Nullable Examination there) {
    return there == null ? "" : there.layout().toString();
  }

  private static String layout(@Nullable Held here) {
    return here == null ? "" : here.layout().toString();
  }

  /**
   * Tells of one difference.
   *
   * @param status of what is here, or of the directory that lacks it
   */
  void tell(
      TreePath path,
      Kind kind,
      Trait trait,
      @Nullable FileStatus status,
      String source,
      String target)
      throws InterruptedException {
    feed.tell(new Difference(path, kind, trait, left(status), source, target));
  }

  private Left left(@Nullable FileStatus status) {
    if (status == null || lastPass.isEmpty()) {
      return Left.UNTOUCHED;
    }
    Instant changed = Instant.ofEpochSecond(status.changeSeconds(), status.changeNanos());
    return changed.isAfter(lastPass.get()) ? Left.CHANGED_SINCE : Left.UNTOUCHED;
  }

  /** The directory at a path, or null where there is none. */
  @Nullable Directory open(TreePath path) throws LinuxException {
    return pass.comparer().openIfDirectory(path);
  }
}
