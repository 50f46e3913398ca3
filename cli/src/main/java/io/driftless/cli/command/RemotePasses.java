package io.driftless.cli.command;

import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.json.StatusJson.Status;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Moments;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import io.driftless.source.session.VolumeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Passes of the agent behind a control socket. */
final class RemotePasses implements Passes {
  private final ControlClient client;
  private final Moments moments;

  RemotePasses(ControlClient client, Moments moments) {
    this.client = client;
    this.moments = moments;
  }

  static String pathOf(String volume) {
    return "/v1/volumes/" + ControlClient.part(volume) + "/passes";
  }

  @Override
  public long request(String volume, PassRequest request) throws CommandFailure {
    return new Fields(client.post(pathOf(volume), RequestJson.of(request))).number("pass");
  }

  @Override
  public PassProgress progress(String volume, long pass, Duration wait) throws CommandFailure {
    String path = "%s/%d?waitMillis=%d".formatted(pathOf(volume), pass, wait.toMillis());
    return PassJson.progress(new Fields(client.get(path)));
  }

  @Override
  public Optional<String> obstacle(String volume) throws CommandFailure {
    Status.OfSource status = status();
    return volume(status, volume)
        .flatMap(each ->
            status.peers().stream().filter(peer -> peer.name().equals(each.target())).findFirst())
        .filter(peer -> peer.connection() != Connection.CONNECTED)
        .filter(peer -> peer.lastError().isPresent())
        .map(this::describe);
  }

  private String describe(PeerStatus peer) {
    String error = peer.lastError().orElse("");
    String where = error.contains(peer.address()) ? "" : " " + peer.address();
    return "%s%s: %s%s"
        .formatted(
            Escaped.display(peer.name()),
            Escaped.display(where),
            Escaped.message(error),
            peer.retryAt().map(at -> "; next attempt " + moments.clockSeconds(at)).orElse(""));
  }

  @Override
  public Optional<ThrottleStatus> throttle() throws CommandFailure {
    return Optional.of(ThrottleJson.readOf(new Fields(client.get(ThrottleAtHand.PATH))));
  }

  @Override
  public OptionalLong entriesBefore(String volume) throws CommandFailure {
    return volume(status(), volume)
        .flatMap(VolumeStatus::lastPass)
        .map(pass -> OptionalLong.of(pass.found().entries()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public List<NumberedDifference> differences(String volume, long pass, long after)
      throws CommandFailure {
    return DifferenceJson.page(
        new Fields(
            client.get("%s/%d/differences?after=%d".formatted(pathOf(volume), pass, after))));
  }

  @Override
  public Envelope envelope() throws CommandFailure {
    return status().envelope();
  }

  private static Optional<VolumeStatus> volume(Status.OfSource status, String volume) {
    return status.volumes().stream().filter(each -> each.name().equals(volume)).findFirst();
  }

  Status.OfSource status() throws CommandFailure {
    if (StatusJson.read(client.get("/v1/status")) instanceof Status.OfSource source) {
      return source;
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "wrong-role",
        "passes belong to the source, this home has a target",
        "ask the agent of the source");
  }

  /** The volumes that are meant: those named, all, or the only one. */
  List<String> choose(List<String> named, boolean all) throws CommandFailure {
    if (!named.isEmpty() && all) {
      throw new CommandFailure(
          ExitCode.USAGE, "usage", "names and --all exclude each other", "leave one of them out");
    }
    if (!named.isEmpty()) {
      return named.stream().distinct().toList();
    }
    List<String> known = status().volumes().stream().map(VolumeStatus::name).toList();
    if (known.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "no-volumes", "the agent has no volumes yet", "join with --volume");
    }
    if (known.size() > 1 && !all) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "which-volume",
          "the agent has several volumes: " + known.stream().collect(Collectors.joining(", ")),
          "name some, or pass --all");
    }
    return known;
  }
}
