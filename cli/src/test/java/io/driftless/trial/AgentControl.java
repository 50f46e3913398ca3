package io.driftless.trial;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.outcome.CommandFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Asks running agents through their control sockets: no process for each. */
final class AgentControl {
  private static final String PASSES = "/v1/volumes/" + TwoHosts.VOLUME + "/passes";

  private final ControlClient client;

  private AgentControl(ControlClient client) {
    this.client = client;
  }

  static AgentControl ofSource(Path directory) {
    return of(directory, AgentRole.SOURCE);
  }

  static AgentControl ofTarget(Path directory) {
    return of(directory, AgentRole.TARGET);
  }

  private static AgentControl of(Path directory, AgentRole role) {
    try {
      Home home = new Homes(Path.of("/"), Optional.of(directory), Optional.empty()).of(role);
      return new AgentControl(new ControlClient(home));
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** Whether the agent is up. */
  boolean answers() {
    try {
      client.get("/v1/status");
      return true;
    } catch (CommandFailure e) {
      return false;
    }
  }

  /** Takes the volume over; returns when nothing is written to it any more. */
  JsonObject release(String reason) {
    var request = new JsonObject();
    request.addProperty("reason", reason);
    try {
      return client.post("/v1/volumes/" + TwoHosts.VOLUME + "/release", request);
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** Requests a pass that may delete, and returns its number at once. */
  long requestSync() {
    var request = new JsonObject();
    request.addProperty("allowDeletes", true);
    return request(request);
  }

  /** Requests a comparison of everything, the contents included, that changes nothing. */
  long requestVerification() {
    var request = new JsonObject();
    request.addProperty("effect", "verify");
    request.addProperty("content", true);
    return request(request);
  }

  private long request(JsonObject request) {
    try {
      return client.post(PASSES, request).get("pass").getAsLong();
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** Has the agent take up its configuration. */
  void reload() {
    try {
      client.post("/v1/reload", new JsonObject());
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** The volume as the status has it. */
  JsonObject volume() {
    try {
      return client.get("/v1/status").getAsJsonArray("volumes").get(0).getAsJsonObject();
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the target has everything, as far as the source knows. */
  void awaitQuiet(Duration patience) {
    Awaitility.await()
        .atMost(patience)
        .pollDelay(Duration.ofMillis(60))
        .pollInterval(Duration.ofMillis(20))
        .until(this::volume, AgentControl::isQuiet);
  }

  /** As {@link #awaitQuiet}, or until a guard holds something; false if one does. */
  boolean awaitQuietOrHeld(Duration patience) {
    JsonObject found =
        Awaitility.await()
            .atMost(patience)
            .pollDelay(Duration.ofMillis(60))
            .pollInterval(Duration.ofMillis(20))
            .until(this::volume, volume -> isQuiet(volume) || isHeld(volume));
    return isQuiet(found);
  }

  private static boolean isHeld(JsonObject volume) {
    return volume.get("state").getAsString().equals("held");
  }

  /** Nothing is dirty, in doubt, or on its way. */
  static boolean isQuiet(JsonObject volume) {
    return volume.get("state").getAsString().equals("replicating")
        && volume.get("dirtyEntries").getAsLong() == 0
        && volume.getAsJsonObject("replication").get("doubt").isJsonNull()
        && volume.get("lagSeconds").getAsDouble() == 0;
  }

  /** The report of a pass, once it has ended. */
  JsonObject await(long pass, Duration patience) {
    return Awaitility.await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(3))
        .until(() -> client.get(PASSES + "/" + pass), report -> report.has("outcome"));
  }

  /** Whether a pass is over. */
  boolean hasEnded(long pass) {
    try {
      return client.get(PASSES + "/" + pass).has("outcome");
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a pass is over, or waits for something that an administrator has to do. */
  boolean hasEndedOrIsBlocked(long pass) throws CommandFailure {
    JsonObject report = client.get(PASSES + "/" + pass);
    return report.has("outcome") || !report.getAsJsonObject("progress").get("blocked").isJsonNull();
  }

  /** As the report has it, in one word. */
  static String outcome(JsonObject report) {
    return report.get("outcome").getAsString();
  }
}
