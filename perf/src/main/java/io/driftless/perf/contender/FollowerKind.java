package io.driftless.perf.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The programs that let a target follow a source. */
public enum FollowerKind {
  DRIFTLESS("driftless", List.of()),
  LSYNCD("lsyncd", List.of("lsyncd")),
  SYNCTHING("syncthing", List.of("syncthing"));

  private final String label;

  /** By the names of Debian, which are those of the programs. */
  private final List<String> packages;

  FollowerKind(String label, List<String> packages) {
    this.label = label;
    this.packages = packages;
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

  /** The packages that it needs and that are not installed. */
  public List<String> missingPackages() {
    return packages.stream().filter(FollowerKind::isMissing).toList();
  }

  private static boolean isMissing(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .noneMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Starts it; returns when it follows, before or after the target has become equal. */
  public Follower open(Course course) throws IOException, InterruptedException {
    return switch (this) {
      case DRIFTLESS -> DriftlessFollower.open(course);
      case LSYNCD -> LsyncdFollower.open(course);
      case SYNCTHING -> SyncthingFollower.open(course);
    };
  }
}
