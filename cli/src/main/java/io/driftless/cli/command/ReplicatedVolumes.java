package io.driftless.cli.command;

import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.source.session.VolumeStatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The volumes whose target follows by itself. */
final class ReplicatedVolumes {
  private final RemotePasses passes;

  ReplicatedVolumes(RemotePasses passes) {
    this.passes = passes;
  }

  static String pauseOf(String volume) {
    return "/v1/volumes/" + ControlClient.part(volume) + "/pause";
  }

  /**
   * Those that are meant. Of all, the others are left out; one that is named must be among them.
   *
   * @param verb what shall be done to them
   */
  List<String> among(VolumeChoice choice, String verb) throws CommandFailure {
    List<String> meant = choice.among(passes);
    List<VolumeStatus> known = passes.status().volumes();
    Set<String> others =
        known.stream()
            .filter(volume -> volume.replication().isEmpty())
            .map(VolumeStatus::name)
            .collect(Collectors.toSet());
    List<String> replicated = meant.stream().filter(name -> !others.contains(name)).toList();
    boolean isRefused = choice.isAll() ? replicated.isEmpty() : replicated.size() < meant.size();
    if (isRefused) {
      List<String> wrong = meant.stream().filter(others::contains).toList();
      throw new CommandFailure(
          ExitCode.USAGE,
          "not-replicated",
          "%s %s by sync only, so there is nothing to %s"
              .formatted(
                  String.join(", ", wrong),
                  wrong.size() == 1 ? "is brought over" : "are brought over",
                  verb),
          "driftless replicate %s on; driftless cancel ends a pass"
              .formatted(String.join(" ", wrong)));
    }
    return replicated;
  }

  Envelope envelope() throws CommandFailure {
    return passes.envelope();
  }
}
