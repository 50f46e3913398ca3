package io.driftless.source.send;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.listing.RecentExaminations;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.report.HashSink;
import io.driftless.source.report.Tally;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells what files hold, and keeps the hashes of those that held still. Thread-safe. */
public final class ExamineAnswers {
  private final Depth depth;
  private final Supplier<FileExaminer> examiners;
  private final HashSink hashes;
  private final Tally tally;
  private final RecentExaminations linked = new RecentExaminations();

  /**
   * Answers of one pass.
   *
   * @param depth whether content is read
   * @param examiners makes what one thread reads with
   * @param hashes takes what is hashed
   */
  public ExamineAnswers(
      Depth depth, Supplier<FileExaminer> examiners, HashSink hashes, Tally tally) {
    this.depth = depth;
    this.examiners = examiners;
    this.hashes = hashes;
    this.tally = tally;
  }

  /** What one thread reads with. */
  FileExaminer examiner() {
    return examiners.get();
  }

  /** A file that the target asks about. */
  record Asked(TreePath path, int index, int blockBytes) {}

  /**
   * Examines one file.
   *
   * @param directory that holds it, or null if that has gone
   * @throws LinuxException if it can't be read
   */
  Examination answer(@Nullable Directory directory, Asked asked, FileExaminer examiner)
      throws IOException, InterruptedException {
    Held held = directory == null ? null : held(directory, asked, examiner);
    if (held == null) {
      return failed(asked.index(), Reading.VANISHED);
    }
    if (held.content() != null) {
      hashes.hashed(asked.path(), held.content());
    }
    return new Examination(
        asked.index(),
        Reading.OK,
        held.version(),
        held.status().size(),
        held.layout(),
        Optional.ofNullable(held.content()));
  }

  private @Nullable Held held(Directory directory, Asked asked, FileExaminer examiner)
      throws LinuxException, InterruptedException {
    Name name = asked.path().name();
    FileStatus status = directory.statusIfPresent(name);
    if (status == null || !status.isRegular()) {
      return null;
    }
    if (depth == Depth.LAYOUT && !status.mayHaveHoles()) {
      return examiner.dense(status, asked.blockBytes());
    }
    Held known = linked.find(status);
    if (known != null) {
      tally.examined(status.size());
      return known;
    }
    try (Fd file = directory.openForReadingIfPresent(name)) {
      if (file == null || !file.status().isRegular()) {
        return null;
      }
      Held held = examiner.examine(file, depth, asked.blockBytes(), tally::examined);
      linked.add(held);
      return held;
    }
  }

  static Examination failed(int index, Reading reading) {
    return new Examination(index, reading, 0, 0, DataLayout.NONE, Optional.empty());
  }
}
