package io.driftless.perf;

import io.driftless.perf.Scenario.Medium;
import java.util.Arrays;
import java.util.Optional;

/** What is measured while a target follows its source. */
enum Following implements Subject {
  LAG("lag", Medium.EXT4, "single changes, ext4"),
  LAG_BESIDE_SEED(
      "lag-beside-seed", Medium.EXT4, "single changes while another volume is seeded, ext4"),
  FOLLOW_TMPFS("follow-tmpfs", Medium.TMPFS, "small files written at a steady rate, tmpfs"),
  FOLLOW_EXT4("follow-ext4", Medium.EXT4, "small files written at a steady rate, ext4"),
  LAG_THROTTLED(
      "lag-throttled",
      Medium.EXT4,
      "single changes while another volume is seeded at 20 Mbit/s, ext4"),
  FOLLOW_HUNDRED(
      "follow-hundred", Medium.TMPFS, "100 changed of 1 000 000 that are followed, tmpfs"),
  SCALING("scaling", Medium.TMPFS, "seeds of growing size, and over 1 to 8 lanes, tmpfs"),
  THROTTLE("throttle", Medium.TMPFS, "one large file at limits from 1 to 1000 Mbit/s, tmpfs"),
  WATCH_MILLION("watch-million", Medium.TMPFS, "1 000 000 files watched, nothing happens, tmpfs"),
  CROWD("crowd", Medium.WIDE_EXT4, "many empty files seeded, passed over and followed, ext4");

  private final String label;
  private final Medium medium;
  private final String description;

  Following(String label, Medium medium, String description) {
    this.label = label;
    this.medium = medium;
    this.description = description;
  }

  static Optional<Following> ofLabel(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
  }

  @Override
  public String label() {
    return label;
  }

  Medium medium() {
    return medium;
  }

  @Override
  public String description() {
    return description;
  }
}
