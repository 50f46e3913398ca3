package io.driftless.target.commit;

import java.time.Duration;

/**
 * When an epoch closes.
 *
 * @param bytesMax content in it
 * @param entriesMax entries in it
 * @param age since its first change
 * @param idle since its last change
 */
public record EpochLimits(long bytesMax, long entriesMax, Duration age, Duration idle) {
  public static final EpochLimits DEFAULT =
      new EpochLimits(256L << 20, 16 * 1024, Duration.ofSeconds(1), Duration.ofMillis(20));

  public EpochLimits {
    if (bytesMax < 1 || entriesMax < 1 || !age.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException("every limit of an epoch must be positive");
    }
  }
}
