package io.driftless.perf;

import io.driftless.perf.data.DataSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A data set on a file system. */
enum Scenario {
  SMALL("small", DataSet.SMALL, Medium.TMPFS, "100 000 files, 620 MB, tmpfs"),
  LARGE("large", DataSet.LARGE, Medium.TMPFS, "one file of 2 GiB, tmpfs"),
  SMALL_EXT4("small-ext4", DataSet.SMALL, Medium.EXT4, "100 000 files, 620 MB, ext4"),
  JDK("jdk", DataSet.JDK, Medium.TMPFS, "this JDK, to tmpfs"),
  TINY("tiny", DataSet.TINY, Medium.TMPFS, "1 000 000 files of 700 B, tmpfs"),
  LARGE_EXT4("large-ext4", DataSet.LARGE, Medium.EXT4, "one file of 2 GiB, ext4"),
  USR("usr", DataSet.USR, Medium.EXT4, "/usr, to ext4"),
  UNCHANGED(
      "unchanged", DataSet.SMALL, Medium.TMPFS, Start.EQUAL, "100 000 unchanged files, tmpfs"),
  UNCHANGED_TINY(
      "unchanged-tiny",
      DataSet.TINY,
      Medium.TMPFS,
      Start.EQUAL,
      "1 000 000 unchanged files of 700 B, tmpfs");

  static final List<Scenario> DEFAULT = List.of(SMALL, LARGE, SMALL_EXT4, JDK);

  /** Where the target lies, and the source unless it is part of the machine. */
  enum Medium {
    TMPFS,
    EXT4
  }

  /** What the target is like before each lap. */
  enum Start {
    EMPTY,
    /**
     * Everything is there already: brought by each contender once, outside of the measured time.
     */
    EQUAL
  }

  private final String label;
  private final DataSet data;
  private final Medium medium;
  private final Start start;
  private final String description;

  Scenario(String label, DataSet data, Medium medium, String description) {
    this(label, data, medium, Start.EMPTY, description);
  }

  Scenario(String label, DataSet data, Medium medium, Start start, String description) {
    this.label = label;
    this.data = data;
    this.medium = medium;
    this.start = start;
    this.description = description;
  }

  static Scenario ofLabel(String label) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.label.equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no scenario " + label + "; there are " + labels()));
  }

  static String labels() {
    return Arrays.stream(values()).map(Scenario::label).collect(Collectors.joining(", "));
  }

  String label() {
    return label;
  }

  DataSet data() {
    return data;
  }

  Medium medium() {
    return medium;
  }

  Start start() {
    return start;
  }

  String description() {
    return description;
  }
}
