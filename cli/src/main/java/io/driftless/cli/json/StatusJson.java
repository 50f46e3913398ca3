package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.VolumeStatus;
import io.driftless.target.session.TargetControl;
import io.driftless.target.session.TargetControl.AgentStatus;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import io.driftless.target.session.TargetControl.Rival;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code GET /v1/status} answers: an agent with everything that it has. */
public final class StatusJson {
  private StatusJson() {}

  /** An agent's status, as it was read. */
  public sealed interface Status {
    Envelope envelope();

    /** Of a source. */
    record OfSource(
        Envelope envelope,
        List<VolumeStatus> volumes,
        List<PeerStatus> peers,
        ThrottleStatus throttle)
        implements Status {}

    record OfTarget(
        Envelope envelope,
        String listen,
        List<ReplicaStatus> volumes,
        List<AgentStatus> agents,
        ThrottleStatus throttle)
        implements Status {}
  }

  public static JsonObject of(SourceControl source, Envelope envelope) {
    JsonObject object = envelope.open();
    object.addProperty("role", "source");
    var volumes = new JsonArray();
    source.volumes().forEach(volume -> volumes.add(volume(volume)));
    object.add("volumes", volumes);
    object.add(ThrottleJson.NAME, ThrottleJson.of(source.throttle().status()));
    List<PeerStatus> peers = source.peers();
    Optional<PeerStatus> first = peers.stream().findFirst();
    object.add("peer", first.<JsonElement>map(StatusJson::peer).orElse(JsonNull.INSTANCE));
    var all = new JsonArray();
    peers.forEach(peer -> all.add(peer(peer)));
    object.add("peers", all);
    object.add("room", new JsonObject());
    object.add("certificate", certificate(first.flatMap(PeerStatus::certificateExpiresAt)));
    object.addProperty("clockSkewSeconds", first.map(StatusJson::skewSeconds).orElse(0.0));
    return object;
  }

  private static JsonObject volume(VolumeStatus volume) {
    var object = new JsonObject();
    object.addProperty("name", volume.name());
    object.addProperty("root", volume.root());
    object.addProperty("target", volume.target());
    object.addProperty("state", Words.of(volume.state()));
    object.addProperty("reason", volume.reason());
    object.addProperty("since", volume.since().toString());
    object.addProperty("next", volume.next());
    ReplicationJson.add(object, volume);
    object.add(
        "running", volume.running().<JsonElement>map(PassJson::of).orElse(JsonNull.INSTANCE));
    Optional<JsonObject> lastPass = volume.lastPass().map(PassJson::summaryOf);
    object.add("lastPass", lastPass.<JsonElement>map(pass -> pass).orElse(JsonNull.INSTANCE));
    object.add(
        "lastVerify",
        volume
            .lastVerification()
            .map(PassJson::summaryOf)
            .<JsonElement>map(pass -> pass)
            .orElse(JsonNull.INSTANCE));
    object.add(
        "guard", lastPass.map(pass -> pass.get("guard")).orElse(JsonNull.INSTANCE).deepCopy());
    return object;
  }

  private static JsonObject peer(PeerStatus peer) {
    var object = new JsonObject();
    object.addProperty("name", peer.name());
    object.addProperty("address", peer.address());
    object.addProperty("connected", peer.connection() == Connection.CONNECTED);
    object.addProperty("connection", Words.of(peer.connection()));
    object.addProperty("since", peer.since().toString());
    object.add("lastError", Words.orNull(peer.lastError()));
    object.add("retryAt", Words.orNull(peer.retryAt()));
    object.addProperty("version", peer.version());
    object.addProperty("tlsProvider", peer.tlsProvider());
    object.addProperty("clockSkewSeconds", skewSeconds(peer));
    object.add("certificate", certificate(peer.certificateExpiresAt()));
    return object;
  }

  private static double skewSeconds(PeerStatus peer) {
    return peer.clockSkew().toMillis() / 1000.0;
  }

  private static JsonObject certificate(Optional<Instant> expiresAt) {
    var object = new JsonObject();
    object.add("expiresAt", Words.orNull(expiresAt));
    return object;
  }

  public static JsonObject of(TargetControl target, Envelope envelope) {
    JsonObject object = envelope.open();
    object.addProperty("role", "target");
    object.addProperty("listen", target.listenAddress());
    object.add(ThrottleJson.NAME, ThrottleJson.of(target.throttle().status()));
    var volumes = new JsonArray();
    var room = new JsonObject();
    for (ReplicaStatus volume : target.volumes()) {
      volumes.add(replica(volume));
      room.add(volume.name(), room(volume));
    }
    object.add("volumes", volumes);
    object.add("agents", agents(target.agents()));
    object.add("room", room);
    return object;
  }

  private static JsonObject replica(ReplicaStatus volume) {
    var object = new JsonObject();
    object.addProperty("name", volume.name());
    object.addProperty("root", volume.root());
    object.add("agent", Words.orNull(volume.agent()));
    object.addProperty("generation", volume.generation());
    object.addProperty("state", volume.state());
    object.addProperty("reason", volume.reason());
    object.addProperty("since", volume.since().toString());
    object.addProperty("next", volume.next());
    object.add("durableAt", Words.orNull(volume.durableAt()));
    object.addProperty("problems", volume.problems());
    return object;
  }

  private static JsonObject room(ReplicaStatus volume) {
    var object = new JsonObject();
    object.addProperty("freeBytes", volume.freeBytes());
    object.addProperty("freeInodes", volume.freeInodes());
    return object;
  }

  /** The agents on a target's list. */
  public static JsonArray agents(List<AgentStatus> agents) {
    var array = new JsonArray();
    for (AgentStatus agent : agents) {
      var object = new JsonObject();
      object.addProperty("id", agent.id());
      object.addProperty("name", agent.name());
      object.add("volumes", Words.texts(agent.volumes()));
      object.addProperty("connected", agent.connected());
      object.add("lastSeen", Words.orNull(agent.lastSeen()));
      object.add("certificate", certificate(agent.certificateExpiresAt()));
      object.add("address", Words.orNull(agent.address()));
      object.add(
          "rival", agent.rival().<JsonElement>map(StatusJson::rival).orElse(JsonNull.INSTANCE));
      array.add(object);
    }
    return array;
  }

  private static JsonObject rival(Rival rival) {
    var object = new JsonObject();
    object.addProperty("guard", "cloned-identity");
    object.addProperty("attempts", rival.attempts());
    object.addProperty("first", rival.first().toString());
    object.addProperty("last", rival.last().toString());
    object.addProperty("lastAddress", rival.lastAddress());
    return object;
  }

  private static Rival readRival(Fields fields) {
    return new Rival(
        fields.number("attempts"),
        fields.instant("first"),
        fields.instant("last"),
        fields.text("lastAddress"));
  }

  /** Reads a status of either role. */
  public static Status read(JsonObject object) {
    var fields = new Fields(object);
    return switch (fields.text("role")) {
      case "source" ->
          new Status.OfSource(
              Envelope.of(fields),
              fields.list("volumes").stream().map(StatusJson::readVolume).toList(),
              fields.list("peers").stream().map(StatusJson::readPeer).toList(),
              ThrottleJson.readOf(fields));
      case "target" -> {
        Fields room = fields.optionalFields("room").orElseThrow();
        yield new Status.OfTarget(
            Envelope.of(fields),
            fields.text("listen"),
            fields.list("volumes").stream().map(each -> readReplica(each, room)).toList(),
            readAgents(fields),
            ThrottleJson.readOf(fields));
      }
      default -> throw new JsonParseException("the field role has an unexpected value");
    };
  }

  private static VolumeStatus readVolume(Fields fields) {
    return new VolumeStatus(
        fields.text("name"),
        fields.text("root"),
        fields.text("target"),
        fields.word("state", VolumeStatus.State.class),
        fields.text("reason"),
        fields.instant("since"),
        fields.text("next"),
        fields.optionalFields("running").map(PassJson::progress),
        fields.optionalFields("lastPass").map(PassJson::report),
        fields.optionalFields("lastVerify").map(PassJson::report),
        ReplicationJson.read(fields));
  }

  private static PeerStatus readPeer(Fields fields) {
    return new PeerStatus(
        fields.text("name"),
        fields.text("address"),
        fields.word("connection", Connection.class),
        fields.instant("since"),
        fields.optionalText("lastError"),
        fields.optionalInstant("retryAt"),
        fields.text("version"),
        fields.text("tlsProvider"),
        Duration.ofMillis(Math.round(fields.fraction("clockSkewSeconds") * 1000)),
        expiry(fields));
  }

  private static Optional<Instant> expiry(Fields fields) {
    return fields
        .optionalFields("certificate")
        .flatMap(certificate -> certificate.optionalInstant("expiresAt"));
  }

  private static ReplicaStatus readReplica(Fields fields, Fields room) {
    Fields free = room.optionalFields(fields.text("name")).orElseThrow();
    return new ReplicaStatus(
        fields.text("name"),
        fields.text("root"),
        fields.optionalText("agent"),
        fields.number("generation"),
        fields.text("state"),
        fields.text("reason"),
        fields.instant("since"),
        fields.text("next"),
        fields.optionalInstant("durableAt"),
        fields.number("problems"),
        free.number("freeBytes"),
        free.number("freeInodes"));
  }

  /** Reads the list of agents in an object. */
  public static List<AgentStatus> readAgents(Fields fields) {
    return fields.list("agents").stream()
        .map(each ->
            new AgentStatus(
                each.text("id"),
                each.text("name"),
                each.texts("volumes"),
                each.flag("connected"),
                each.optionalInstant("lastSeen"),
                expiry(each),
                each.optionalText("address"),
                each.optionalFields("rival").map(StatusJson::readRival)))
        .toList();
  }
}
