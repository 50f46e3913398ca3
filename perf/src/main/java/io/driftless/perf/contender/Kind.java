package io.driftless.perf.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The contenders that there are. */
public enum Kind {
  DRIFTLESS("driftless"),
  RSYNC_SSH("rsync-ssh"),
  /** Two at a time, each with half of the directories at the top. */
  RSYNC_TWO("rsync-two"),
  /** Compressed as rsync sees fit, at its own level. */
  RSYNC_SSH_Z("rsync-ssh-z"),
  /** Writes into the file as it lies, and leaves it torn if it is interrupted. */
  RSYNC_INPLACE("rsync-inplace"),
  RSYNC_DAEMON("rsync-daemon"),
  /** Both agents in a new process: nothing is warm. */
  DRIFTLESS_COPY("driftless-copy"),
  /** No contender but a floor: nothing is sent anywhere. */
  LOCAL_COPY("cp"),
  /** The floor of a seed: its system calls, hashes, copies and TLS records. */
  SEED_FLOOR("floor"),
  /** The floor of a large file in front of which something was inserted. */
  SHIFT_FLOOR("shift-floor"),
  /** The floor of a pass that finds nothing changed; it brings nothing. */
  STATUS_WALK("find");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  public static Kind ofLabel(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no contender %s; there are %s"
                    .formatted(
                        label,
                        Arrays.stream(values())
                            .map(Kind::label)
                            .collect(Collectors.joining(", ")))));
  }

  public String label() {
    return label;
  }

  /** Tells whether it can carry such a tree as it is meant to. */
  public boolean isFor(Path source) throws IOException {
    return this != RSYNC_TWO || RsyncHalves.isFor(source);
  }

  /** Agents with so many lanes between them. */
  public static Contender driftless(Course course, int lanes)
      throws IOException, InterruptedException {
    return DriftlessAgents.open(course, lanes);
  }

  /** Starts what has to run before the first transfer. */
  public Contender open(Course course) throws IOException, InterruptedException {
    return switch (this) {
      case DRIFTLESS -> DriftlessAgents.open(course);
      case RSYNC_SSH -> RsyncOverSsh.open(course, List.of());
      case RSYNC_SSH_Z -> RsyncOverSsh.open(course, List.of("-z"));
      case RSYNC_TWO -> RsyncHalves.open(course);
      case RSYNC_INPLACE -> RsyncOverSsh.open(course, List.of("--inplace"));
      case RSYNC_DAEMON -> RsyncDaemon.open(course);
      case DRIFTLESS_COPY -> new DriftlessCopy(course);
      case LOCAL_COPY -> new LocalCopy(course);
      case SEED_FLOOR -> PassFloor.ofSeed(course);
      case SHIFT_FLOOR -> PassFloor.ofShift(course);
      case STATUS_WALK -> new StatusWalk(course);
    };
  }
}
