package io.driftless.target.witness;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.witness.WitnessSum;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.witness.SliceRecord.Unmet;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks back after a pass: reads each slice that was applied as the volume has it now, and records
 * it where it is what the source listed. Changes nothing in the volume. Confined to one thread, but
 * for those that it starts and ends.
 */
public final class Retrospect {
  private static final Logger LOG = LoggerFactory.getLogger(Retrospect.class);

  private static final int SLICES_AT_ONCE = 64;
  private static final int THREADS = 2;
  private static final int UNMET_MAX = 16 * 1024;

  /** What was changed a moment ago can't be told from what changes now. */
  private static final Duration PAUSE = Duration.ofMillis(30);

  /** The same where times are kept in whole seconds. */
  private static final Duration LONG_PAUSE = Duration.ofMillis(2200);

  private final WitnessBook book;
  private final ConfinedRoot root;
  private final SliceComparer volume;
  private final Exclusions exclusions;
  private final InstantSource clock;

  public Retrospect(
      WitnessBook book,
      ConfinedRoot root,
      SliceComparer volume,
      Exclusions exclusions,
      InstantSource clock) {
    this.book = book;
    this.root = root;
    this.volume = volume;
    this.exclusions = exclusions;
    this.clock = clock;
  }

  /** Whether a pass has met all names of each inode. */
  public enum Groups {
    COMPLETE,
    /** Some may lie where it did not look: names that should lead to one inode need not do so. */
    IN_PART
  }

  /**
   * Records what was applied in a pass.
   *
   * @param endedMillis the wall clock after the last change of the pass: what was changed later was
   *     not changed by it
   * @param isEnough asked now and then; ends it
   */
  public void run(long endedMillis, Groups groups, BooleanSupplier isEnough)
      throws InterruptedException {
    PassSpool spool = book.noted();
    if (spool == null) {
      return;
    }
    try (var threads = Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().factory())) {
      pause();
      var moment = new Moment(clock.millis(), endedMillis, groups);
      forgetWhatIsNotLinked(spool);
      root.fd().syncFileSystem(); // a store through a mapping is noted if it meets a clean page
      int met = SLICES_AT_ONCE;
      for (long from = 0; met == SLICES_AT_ONCE; from += met) {
        List<PassSpool.Slice> slices = spool.notes(from, SLICES_AT_ONCE);
        var looks = new ArrayList<Callable<Boolean>>(slices.size());
        for (PassSpool.Slice slice : slices) {
          List<Unmet> problems = spool.problems(slice.directory());
          looks.add(() -> !isEnough.getAsBoolean() && record(slice, problems, moment));
        }
        for (Future<Boolean> look : threads.invokeAll(looks)) {
          if (!look.get()) {
            return;
          }
        }
        met = slices.size();
      }
    } catch (SQLException | LinuxException e) {
      LOG.warn("not all witnesses are kept: {}", e.getMessage());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof LinuxException)) {
        throw new IllegalStateException("a slice could not be looked at", e);
      }
      LOG.warn("not all witnesses are kept: {}", e.getMessage());
    }
  }

  /**
   * How far a record made now can be relied on.
   *
   * @param flushedMillis when the file system was written back last
   * @param endedMillis when the pass changed something last
   */
  private record Moment(long flushedMillis, long endedMillis, Groups groups) {}

  /**
   * A slice that was equal is not noted; yet a name in it may have turned out not to lead where it
   * should.
   */
  private void forgetWhatIsNotLinked(PassSpool spool) throws SQLException {
    spool.forEachProblem(
        WitnessBook.OF_LINKS,
        path -> {
          long nameHash = book.hash().hash64(path.name());
          for (int bits = 0; bits <= Scope.MAX_BITS; bits++) {
            Scope scope = Scope.of(bits, nameHash);
            book.store().remove(book.store().keyOf(path.parent(), scope));
          }
        });
  }

  private void pause() throws LinuxException, InterruptedException {
    FileStatus status = root.fd().status();
    boolean wholeSeconds = status.changeNanos() == 0 && status.birthNanos() == 0;
    TimeUnit.MILLISECONDS.sleep((wholeSeconds ? LONG_PAUSE : PAUSE).toMillis());
  }

  private boolean record(PassSpool.Slice slice, List<Unmet> problems, Moment moment)
      throws LinuxException {
    long key = book.store().keyOf(slice.directory(), slice.scope());
    ByteBuffer record = null;
    try (Directory directory = volume.openIfDirectory(slice.directory())) {
      if (directory != null) {
        record = new Look(slice, problems, moment).at(directory).encode();
      }
    } catch (LinuxException e) {
      LOG.debug("{} can't be looked at: {}", slice.directory(), e.getMessage());
    }
    if (record == null) {
      book.store().remove(key);
    } else {
      book.store().put(key, record);
    }
    return true;
  }

  /** One slice. */
  private final class Look {
    private final PassSpool.Slice slice;
    private final SliceNote.Noted noted;
    private final List<Unmet> problems;
    private final Moment moment;
    private final SliceDigest digests = new SliceDigest(book.hash());
    private final WitnessSum witness;
    private final Set<Name> withProblem = new HashSet<>();
    private final Set<Name> withUnmet = new HashSet<>();
    private boolean equal;
    private int met;
    private long[] tokens;
    private int tokenCount;

    Look(PassSpool.Slice slice, List<Unmet> problems, Moment moment) {
      this.slice = slice;
      this.noted = new SliceNote.Noted(slice.note());
      this.problems = problems;
      this.moment = moment;
      this.witness = new WitnessSum(book.hash(), moment.flushedMillis());
      this.tokens = new long[noted.count()];
      this.equal =
          !noted.isDoubtful()
              && (moment.groups() == Groups.COMPLETE || !noted.isLinked())
              && problems.size() <= UNMET_MAX;
    }

    SliceRecord at(Directory directory) throws LinuxException {
      boolean unmetSelf = sortProblems();
      if (slice.scope().holdsDirectoryItself()) {
        self(directory, unmetSelf);
      }
      Exclusions.InDirectory excluded = exclusions.in(slice.directory());
      try (DirectoryEntries entries = directory.entries()) {
        while (entries.next()) {
          Name name = entries.name();
          long nameHash = book.hash().hash64(name);
          if (slice.scope().contains(nameHash)) {
            entry(directory, name, nameHash, entries.kind(), excluded);
          }
        }
      }
      equal &= met == noted.count() && witness.isDistinct();
      return new SliceRecord(
          equal ? witness.value() : SliceRecord.VOID,
          noted.sourceWitness(),
          noted.sourceDigest(),
          Arrays.copyOf(tokens, tokenCount),
          equal ? unmet() : List.of());
    }

    /** Returns whether something of the directory itself could not be carried. */
    private boolean sortProblems() {
      boolean unmetSelf = false;
      for (Unmet problem : problems) {
        TreePath path = TreePath.of(problem.path());
        boolean isUnmet = WitnessBook.isUnmet(problem.reason());
        if (!path.equals(slice.directory())) {
          (isUnmet ? withUnmet : withProblem).add(path.name());
        } else if (isUnmet) {
          unmetSelf = true;
        } else {
          equal = false;
        }
      }
      return unmetSelf;
    }

    /** What belongs to this slice: a subdirectory's own problems belong to its own. */
    private List<Unmet> unmet() {
      return problems.stream().filter(this::isOfThisSlice).toList();
    }

    private boolean isOfThisSlice(Unmet problem) {
      TreePath path = TreePath.of(problem.path());
      if (path.equals(slice.directory())) {
        return slice.scope().holdsDirectoryItself();
      }
      int index = noted.find(book.hash().hash64(path.name()));
      return index >= 0 && noted.state(index) != SliceNote.DIRECTORY;
    }

    private void self(Directory directory, boolean unmetSelf) throws LinuxException {
      FileStatus status = directory.fd().status();
      Metadata found = MetadataReader.read(directory.fd(), status);
      Name name = slice.directory().isRoot() ? null : slice.directory().name();
      witness.add(null, status);
      equal &= unmetSelf || SliceNote.expectation(digests, name, found) == noted.self();
      equal &= !isLater(status);
    }

    private void entry(
        Directory directory,
        Name name,
        long nameHash,
        @Nullable Kind told,
        Exclusions.InDirectory excluded)
        throws LinuxException {
      FileStatus status = told == Kind.DIRECTORY ? null : directory.statusIfPresent(name);
      if (told != Kind.DIRECTORY && status == null) {
        equal = false;
        return;
      }
      Kind kind = status == null ? Kind.DIRECTORY : status.kind();
      if (excluded.excludes(name, kind)) {
        return;
      }
      int index = noted.find(nameHash);
      if (index < 0) {
        equal = false; // the source doesn't have it
        return;
      }
      met++;
      if (status == null || kind == Kind.DIRECTORY) {
        equal &= noted.state(index) == SliceNote.DIRECTORY;
        witness.addSubdirectory(name);
      } else {
        witness.add(name, status);
        entry(directory, name, nameHash, index, status);
      }
    }

    private void entry(Directory directory, Name name, long nameHash, int index, FileStatus status)
        throws LinuxException {
      Metadata found = SliceComparer.find(directory, name, status);
      boolean asListed =
          found != null && SliceNote.expectation(digests, name, found) == noted.expected(index);
      byte state = noted.state(index);
      long here = noted.versionHere(index);
      boolean isRight =
          (asListed || withUnmet.contains(name))
              && !withProblem.contains(name)
              && !isLater(status)
              && (here == 0 || here == FileVersion.of(status))
              && (state == SliceNote.OTHER || state == SliceNote.SAME);
      equal &= isRight;
      if (isRight
          && state == SliceNote.SAME
          && Settling.isDistinct(status, moment.flushedMillis())) {
        tokens[tokenCount++] =
            SliceNote.token(nameHash, noted.version(index), FileVersion.of(status));
      }
    }

    /** Somebody else has changed it since. */
    private boolean isLater(FileStatus status) {
      return status.changeSeconds() * 1000 + status.changeNanos() / 1_000_000
          > moment.endedMillis();
    }
  }
}
