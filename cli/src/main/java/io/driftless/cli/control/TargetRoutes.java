package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlServer.Reload;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.json.StatusJson;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.TargetControl;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import java.util.List;
import java.util.Map;

/** What can be asked of a target. */
final class TargetRoutes extends ControlRoutes {
  /** What is there, and how it can be asked for. */
  private static final Map<String, String> METHODS =
      Map.of(
          "status 2", "GET",
          "agents 2", "GET",
          "agents 3", "DELETE",
          "invitations 2", "POST");

  private final TargetControl target;

  TargetRoutes(TargetControl target, Reload reload, String version) {
    super(() -> new Envelope(target.agentName(), version), reload);
    this.target = target;
  }

  @Override
  List<String> volumeNames() {
    return target.volumes().stream().map(ReplicaStatus::name).toList();
  }

  @Override
  ControlAnswer route(ControlRequest request) throws RefusedRequestException {
    List<String> path = request.path();
    String what = path.size() < 2 ? "" : path.get(1);
    String call = request.method() + " " + what + " " + path.size();
    return switch (call) {
      case "GET status 2" -> ControlAnswer.ok(StatusJson.of(target, envelope()));
      case "GET agents 2" -> agents();
      case "DELETE agents 3" -> revoke(path.get(2));
      case "POST invitations 2" -> invite(request);
      default -> throw wrong(request, what, path.size());
    };
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
    return "send nothing or a JSON object with any of " + RequestJson.invitationFields();
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
