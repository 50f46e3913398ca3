package io.driftless.perf.contender;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The programs that let a target follow a source. */
public enum FollowerKind {
  DRIFTLESS("driftless");

  private final String label;

  FollowerKind(String label) {
    this.label = label;
  }

  public static FollowerKind ofLabel(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no follower %s; there are %s"
                    .formatted(
                        label,
                        Arrays.stream(values())
                            .map(FollowerKind::label)
                            .collect(Collectors.joining(", ")))));
  }

  public String label() {
    return label;
  }

  /** Starts it; returns when the target is equal and follows. */
  public Follower open(Course course) throws IOException, InterruptedException {
    return switch (this) {
      case DRIFTLESS -> DriftlessFollower.open(course);
    };
  }
}
