package io.driftless.source.report;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a pass found and did. Thread-safe; a sum that is read meanwhile is approximate. */
public final class Tally {
  private final LongAdder files = new LongAdder();
  private final LongAdder directories = new LongAdder();
  private final LongAdder others = new LongAdder();
  private final LongAdder bytesFound = new LongAdder();
  private final LongAdder entriesDone = new LongAdder();
  private final LongAdder bytesDone = new LongAdder();
  private final LongAdder literalBytes = new LongAdder();
  private final LongAdder matchedBytes = new LongAdder();
  private final LongAdder busyReadings = new LongAdder();
  private final LongAdder bytesExamined = new LongAdder();
  private final AtomicLong bytesExaminedByTarget = new AtomicLong();
  private final LongAdder unreadableDirectories = new LongAdder();

  public void fileFound(long sizeBytes) {
    files.increment();
    bytesFound.add(sizeBytes);
  }

  public void directoryFound() {
    directories.increment();
  }

  public void otherFound() {
    others.increment();
  }

  /** What a slice holds, subdirectories aside. */
  public void found(int moreFiles, long sizesBytes, int moreOthers) {
    files.add(moreFiles);
    bytesFound.add(sizesBytes);
    others.add(moreOthers);
  }

  public void done(long entries, long bytes) {
    entriesDone.add(entries);
    bytesDone.add(bytes);
  }

  public void sent(long contentBytes) {
    literalBytes.add(contentBytes);
  }

  public void matched(long contentBytes) {
    matchedBytes.add(contentBytes);
  }

  public void busy() {
    busyReadings.increment();
  }

  /** So much more of what the target asked about has been gone through here. */
  public void examined(long bytes) {
    bytesExamined.add(bytes);
  }

  /** So much in all has been gone through on the target. */
  public void examinedByTarget(long bytes) {
    bytesExaminedByTarget.set(bytes);
  }

  public void directoryUnreadable() {
    unreadableDirectories.increment();
  }

  /** Names in the volume, the root included. */
  public long entriesFound() {
    return files.sum() + directories.sum() + others.sum();
  }

  /** Names of regular files. */
  public long files() {
    return files.sum();
  }

  public long directories() {
    return directories.sum();
  }

  /** Sizes of all regular files. */
  public long bytesFound() {
    return bytesFound.sum();
  }

  /** Found equal, or staged on the target. */
  public long entriesDone() {
    return entriesDone.sum();
  }

  public long bytesDone() {
    return bytesDone.sum();
  }

  /** Gone through on both sides, in a pass that examines all files. */
  public long bytesExamined() {
    return Math.min(bytesExamined.sum(), bytesExaminedByTarget.get());
  }

  /** Content that was sent. */
  public long literalBytes() {
    return literalBytes.sum();
  }

  /** Content that was asked for and that the target held already. */
  public long matchedBytes() {
    return matchedBytes.sum();
  }

  /** Files that did not hold still while they were read. */
  public long busyReadings() {
    return busyReadings.sum();
  }

  public long unreadableDirectories() {
    return unreadableDirectories.sum();
  }
}
