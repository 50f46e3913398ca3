package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.target.stage.Draft;
import java.util.concurrent.atomic.LongAdder;

/** What a pass has done so far. Thread-safe. */
final class Tally {
  final LongAdder files = new LongAdder();
  final LongAdder renamed = new LongAdder();
  final LongAdder deleted = new LongAdder();
  final LongAdder metadataOnly = new LongAdder();
  final LongAdder created = new LongAdder();
  final LongAdder literalBytes = new LongAdder();
  final LongAdder matchedBytes = new LongAdder();
  final LongAdder busyFiles = new LongAdder();
  final LongAdder extraEntries = new LongAdder();

  /** Names that the target did not have, as far as that was looked at. */
  final LongAdder newEntries = new LongAdder();

  /** What the target had when it was compared. */
  final LongAdder entriesBefore = new LongAdder();

  final LongAdder filesBefore = new LongAdder();

  /** Large files by what was made of their older versions. */
  final LongAdder patchedInPlace = new LongAdder();

  final LongAdder cloned = new LongAdder();
  final LongAdder rebuilt = new LongAdder();

  /** Deltas that were given up because of what they built on. */
  final LongAdder basesLost = new LongAdder();

  /** Deltas that came out otherwise than the source said. */
  final LongAdder deltaMismatches = new LongAdder();

  /** A file of this size, of which so many bytes were there already. */
  void file(long size, long matched) {
    long known = Math.min(size, matched);
    files.increment();
    literalBytes.add(size - known);
    matchedBytes.add(known);
  }

  /** A large file has come. */
  void largeFile(long size, long matched, Draft.Method method) {
    file(size, matched);
    switch (method) {
      case WHOLE -> {}
      case PATCHED_IN_PLACE -> patchedInPlace.increment();
      case CLONED -> cloned.increment();
      case REBUILT -> rebuilt.increment();
    }
  }

  /** The target had these before. */
  void before(long entries, long regularFiles) {
    entriesBefore.add(entries);
    filesBefore.add(regularFiles);
  }

  Counters counters() {
    return new Counters(
        files.sum(),
        renamed.sum(),
        deleted.sum(),
        metadataOnly.sum(),
        created.sum(),
        literalBytes.sum(),
        matchedBytes.sum(),
        busyFiles.sum(),
        extraEntries.sum(),
        deltas());
  }

  private Deltas deltas() {
    return new Deltas(
        patchedInPlace.sum(), cloned.sum(), rebuilt.sum(), basesLost.sum() + deltaMismatches.sum());
  }
}
