package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlServer.Reload;
import io.driftless.cli.health.Health;
import io.driftless.cli.health.HealthRules;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.OwnershipJson;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.json.RequestJson.Reclaim;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.metrics.TargetMetrics;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.TargetControl;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be asked of a target. */
final class TargetRoutes extends ControlRoutes {
  /** What is there, and how it can be asked for. */
  private static final Map<String, String> METHODS =
      Map.of(
          "status 2", "GET",
          "agents 2", "GET",
          "agents 3", "DELETE",
          "invitations 2", "POST",
          "ownership 4", "GET",
          "release 4", "POST",
          "reclaim 4", "POST");

  private static final Set<String> OF_VOLUMES = Set.of("ownership", "release", "reclaim");

  private final TargetControl target;

  TargetRoutes(TargetControl target, Reload reload, String version) {
    super(() -> new Envelope(target.agentName(), version), reload);
    this.target = target;
  }

  @Override
  String metrics(String version) {
    return TargetMetrics.text(target, version);
  }

  @Override
  Health health() {
    return HealthRules.judgeReplicas(target.volumes());
  }

  @Override
  Throttle throttle() {
    return target.throttle();
  }

  @Override
  List<String> volumeNames() {
    return target.volumes().stream().map(ReplicaStatus::name).toList();
  }

  @Override
  ControlAnswer route(ControlRequest request) throws RefusedRequestException {
    List<String> path = request.path();
    String what = what(path);
    String call = request.method() + " " + what + " " + path.size();
    return switch (call) {
      case "GET status 2" -> ControlAnswer.ok(StatusJson.of(target, envelope()));
      case "GET agents 2" -> agents();
      case "DELETE agents 3" -> revoke(path.get(2));
      case "POST invitations 2" -> invite(request);
      case "GET ownership 4" -> answer(target.ownership(named(path.get(2))));
      case "POST release 4" ->
          answer(target.release(named(path.get(2)), RequestJson.reason(bodyOf(request))));
      case "POST reclaim 4" -> reclaim(named(path.get(2)), request);
      default -> throw wrong(request, what, path.size());
    };
  }

  /** What a path is about: of a volume, the part of it that is asked for. */
  private static String what(List<String> path) {
    if (path.size() < 2) {
      return "";
    }
    boolean isOfVolume = path.get(1).equals("volumes") && path.size() == 4;
    return isOfVolume && OF_VOLUMES.contains(path.get(3)) ? path.get(3) : path.get(1);
  }

  /** A volume may be called {@code NAME} or {@code AGENT/NAME}. */
  private String named(String text) throws RefusedRequestException {
    for (ReplicaStatus volume : target.volumes()) {
      boolean withAgent =
          volume.agent().filter(agent -> text.equals(agent + "/" + volume.name())).isPresent();
      if (text.equals(volume.name()) || withAgent) {
        return volume.name();
      }
    }
    throw new RefusedRequestException(
        ControlAnswer.NOT_FOUND,
        "unknown-volume",
        "no volume is called " + Escaped.display(text),
        volumeNames().isEmpty()
            ? "there are no volumes yet"
            : "known: " + String.join(", ", volumeNames()));
  }

  private ControlAnswer answer(Ownership ownership) {
    return ControlAnswer.ok(OwnershipJson.add(open(), ownership));
  }

  private ControlAnswer reclaim(String volume, ControlRequest request)
      throws RefusedRequestException {
    Reclaim reclaim = RequestJson.reclaim(bodyOf(request));
    try {
      return answer(target.reclaim(volume, reclaim.quietSince(), reclaim.written()));
    } catch (IllegalArgumentException e) {
      throw new RefusedRequestException(
          ControlAnswer.BAD_REQUEST,
          "released-otherwise",
          String.valueOf(e.getMessage()),
          "look at it again: driftless status");
    }
  }

  private ControlAnswer agents() {
    JsonObject body = open();
    body.add("agents", StatusJson.agents(target.agents()));
    return ControlAnswer.ok(body);
  }

  private ControlAnswer revoke(String agent) throws RefusedRequestException {
    if (!target.revoke(agent)) {
      throw new RefusedRequestException(
          ControlAnswer.NOT_FOUND,
          "unknown-agent",
          "no agent is called " + Escaped.display(agent),
          "driftless target agents lists them");
    }
    JsonObject body = open();
    body.addProperty("revoked", agent);
    return ControlAnswer.ok(body);
  }

  private ControlAnswer invite(ControlRequest request) throws RefusedRequestException {
    JsonObject body = open();
    try {
      body.addProperty("token", target.invite(RequestJson.invitation(bodyOf(request))));
    } catch (IllegalArgumentException e) {
      throw new RefusedRequestException(
          ControlAnswer.BAD_REQUEST,
          "invitation",
          String.valueOf(e.getMessage()),
          "driftless status shows what this target has");
    }
    return ControlAnswer.ok(body);
  }

  @Override
  String howToAsk(ControlRequest request) {
    return switch (what(request.path())) {
      case "release" -> "send a JSON object with " + RequestJson.releaseFields();
      case "reclaim" -> "send a JSON object with " + RequestJson.reclaimFields();
      default -> "send nothing or a JSON object with any of " + RequestJson.invitationFields();
    };
  }

  private static RefusedRequestException wrong(ControlRequest request, String what, int parts) {
    String methods = METHODS.get(what + " " + parts);
    if (methods != null) {
      return RefusedRequestException.wrongMethod(request.method(), methods);
    }
    if (what.equals("volumes")) {
      return new RefusedRequestException(
          ControlAnswer.NOT_FOUND,
          "wrong-role",
          "passes belong to the source, this is a target",
          "ask the agent of the source");
    }
    return RefusedRequestException.noSuchThing();
  }
}
