package io.driftless.perf;

import io.driftless.perf.data.Change;
import io.driftless.perf.data.DataSet;
import io.driftless.perf.link.LinkSpeed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A data set on a file system. */
enum Scenario implements Subject {
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
      "1 000 000 unchanged files of 700 B, tmpfs"),
  HUNDRED("hundred", DataSet.TINY, Medium.TMPFS, Change.HUNDRED, "100 changed of 1 000 000, tmpfs"),
  PAGES("pages", DataSet.LARGE, Medium.EXT4, Change.PAGES, "500 x 8 KiB changed in 2 GiB, ext4"),
  PAGES_XFS(
      "pages-xfs", DataSet.LARGE, Medium.XFS, Change.PAGES, "500 x 8 KiB changed in 2 GiB, xfs"),
  FRONT(
      "front",
      DataSet.LARGE,
      Medium.TMPFS,
      Change.FRONT,
      "1000 bytes inserted at the front of 2 GiB, tmpfs"),
  MOVED("moved", DataSet.MOVING, Medium.TMPFS, Change.MOVE, "a directory of 50 000 renamed, tmpfs"),
  FAR("link-40ms-100mbit", DataSet.MIXED, LinkSpeed.FAR, "120 MB over a slow link, tmpfs"),
  FAR_TEXT(
      "link-40ms-100mbit-text", DataSet.TEXT, LinkSpeed.FAR, "420 MB of text over the same, tmpfs"),
  NEAR("link-5ms-1gbit", DataSet.MIXED, LinkSpeed.NEAR, "120 MB over a faster link, tmpfs"),
  NEAR_TEXT(
      "link-5ms-1gbit-text", DataSet.TEXT, LinkSpeed.NEAR, "420 MB of text over the same, tmpfs");

  static final List<Scenario> DEFAULT = List.of(SMALL, LARGE, SMALL_EXT4, JDK);

  /** Where the target lies, and the source unless it is part of the machine. */
  enum Medium {
    TMPFS,
    EXT4,
    /** With room for many inodes. */
    WIDE_EXT4,
    XFS
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
  private final Change change;
  private final @Nullable LinkSpeed link;
  private final String description;

  Scenario(String label, DataSet data, Medium medium, String description) {
    this(label, data, medium, Start.EMPTY, description);
  }

  Scenario(String label, DataSet data, Medium medium, Start start, String description) {
    this(label, data, medium, start, Change.NONE, description);
  }

  Scenario(String label, DataSet data, Medium medium, Change change, String description) {
    this(label, data, medium, Start.EQUAL, change, description);
  }

  Scenario(String label, DataSet data, LinkSpeed link, String description) {
    this(label, data, Medium.TMPFS, Start.EMPTY, Change.NONE, link, description);
  }

  Scenario(
      String label, DataSet data, Medium medium, Start start, Change change, String description) {
    this(label, data, medium, start, change, null, description);
  }

  Scenario(
      String label,
      DataSet data,
      Medium medium,
      Start start,
      Change change,
      @Nullable LinkSpeed link,
      String description) {
    this.label = label;
    this.data = data;
    this.medium = medium;
    this.start = start;
    this.change = change;
    this.link = link;
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

  @Override
  public String label() {
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

  /** What happens to the source before each lap. */
  Change change() {
    return change;
  }

  /** What lies between source and target, unless it is the loopback interface alone. */
  Optional<LinkSpeed> link() {
    return Optional.ofNullable(link);
  }

  @Override
  public String description() {
    return description;
  }
}
