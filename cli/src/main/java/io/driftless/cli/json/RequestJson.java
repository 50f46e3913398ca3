package io.driftless.cli.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassRequest;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.TargetControl.InviteRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What is asked of an agent. Unknown fields are refused: they may carry a meaning. */
public final class RequestJson {
  private static final Set<String> PASS_FIELDS =
      Set.of(
          "content",
          "effect",
          "allowDeletes",
          "allowDeletesMax",
          "deleteExcluded",
          "path",
          "pathBytes");
  private static final Set<String> INVITATION_FIELDS =
      Set.of("agent", "volumes", "addresses", "validSeconds");

  private static final Set<String> RELEASE_FIELDS = Set.of("reason");
  private static final Set<String> RECLAIM_FIELDS = Set.of("quietSince", "written");
  private static final int REASON_MAX = 200;
  private static final Set<String> PAUSE_FIELDS = Set.of("forSeconds");
  private static final long PAUSE_SECONDS_MAX = Duration.ofDays(3660).toSeconds();

  private RequestJson() {}

  /** The fields that a request for a pass may have. */
  public static String passFields() {
    return listed(PASS_FIELDS);
  }

  /** The fields that a request for an invitation may have. */
  public static String invitationFields() {
    return listed(INVITATION_FIELDS);
  }

  /** The fields that a request to pause may have. */
  public static String pauseFields() {
    return listed(PAUSE_FIELDS);
  }

  private static String listed(Set<String> fields) {
    return String.join(", ", fields.stream().sorted().toList());
  }

  public static JsonObject of(PassRequest request) {
    var object = new JsonObject();
    object.addProperty("content", request.compare() == Compare.CONTENT);
    object.addProperty("effect", Words.of(request.effect()));
    object.addProperty("allowDeletes", request.deletes() == Deletes.ALLOWED);
    if (request.deletes() == Deletes.ALLOWED && request.deletesMax() != Long.MAX_VALUE) {
      object.addProperty("allowDeletesMax", request.deletesMax());
    }
    object.addProperty("deleteExcluded", request.excluded() == Excluded.DELETED);
    if (!request.below().isRoot()) {
      PathJson.add(object, request.below());
    }
    return object;
  }

  /**
   * Reads the request of a pass; every field may be left out.
   *
   * @throws JsonParseException if it isn't one
   */
  public static PassRequest pass(JsonObject object) {
    requireKnown(object, PASS_FIELDS);
    var fields = new Fields(object);
    boolean allowed = object.has("allowDeletes") && fields.flag("allowDeletes");
    long most = object.has("allowDeletesMax") ? fields.number("allowDeletesMax") : Long.MAX_VALUE;
    if (most < 0) {
      throw new JsonParseException("allowDeletesMax must not be negative");
    }
    return new PassRequest(
        object.has("content") && fields.flag("content") ? Compare.CONTENT : Compare.METADATA,
        object.has("effect") ? fields.word("effect", Effect.class) : Effect.APPLY,
        allowed ? Deletes.ALLOWED : Deletes.GUARDED,
        allowed ? most : 0,
        object.has("deleteExcluded") && fields.flag("deleteExcluded")
            ? Excluded.DELETED
            : Excluded.PROTECTED,
        object.has("path") ? PathJson.read(fields) : TreePath.ROOT);
  }

  public static JsonObject of(InviteRequest request) {
    var object = new JsonObject();
    object.add("agent", Words.orNull(request.agent()));
    object.add("volumes", Words.texts(request.volumes()));
    object.add("addresses", Words.texts(request.addresses()));
    object.addProperty("validSeconds", request.validFor().toSeconds());
    return object;
  }

  /**
   * Reads the request of an invitation.
   *
   * @throws JsonParseException if it isn't one
   */
  public static InviteRequest invitation(JsonObject object) {
    requireKnown(object, INVITATION_FIELDS);
    var fields = new Fields(object);
    return new InviteRequest(
        object.has("agent") ? fields.optionalText("agent") : Optional.empty(),
        object.has("volumes") ? fields.texts("volumes") : java.util.List.of(),
        object.has("addresses") ? fields.texts("addresses") : java.util.List.of(),
        Duration.ofSeconds(object.has("validSeconds") ? fields.number("validSeconds") : 3600));
  }

  /** The fields that a request for a release may have. */
  public static String releaseFields() {
    return listed(RELEASE_FIELDS);
  }

  /** The fields that a request to give a volume back may have. */
  public static String reclaimFields() {
    return listed(RECLAIM_FIELDS);
  }

  public static JsonObject release(String reason) {
    var object = new JsonObject();
    object.addProperty("reason", reason);
    return object;
  }

  /** Reads the reason of a release, which may be left out. */
  public static String reason(JsonObject object) {
    requireKnown(object, RELEASE_FIELDS);
    String reason = object.has("reason") ? new Fields(object).text("reason").strip() : "";
    if (reason.length() > REASON_MAX || reason.chars().anyMatch(Character::isISOControl)) {
      throw new JsonParseException(
          "the reason must be one line of at most %d characters".formatted(REASON_MAX));
    }
    return reason;
  }

  public static JsonObject of(Reclaim request) {
    var object = new JsonObject();
    object.add("quietSince", Words.orNull(request.quietSince()));
    object.addProperty("written", request.written() == Written.SOMETHING);
    return object;
  }

  /** Reads what somebody who gives a volume back has seen in it: both fields are needed. */
  public static Reclaim reclaim(JsonObject object) {
    requireKnown(object, RECLAIM_FIELDS);
    var fields = new Fields(object);
    if (!object.has("quietSince")) {
      throw new JsonParseException("the field quietSince is missing");
    }
    return new Reclaim(
        fields.optionalInstant("quietSince"),
        fields.flag("written") ? Written.SOMETHING : Written.NOTHING);
  }

  /**
   * Gives a volume back to its source.
   *
   * @param quietSince of the release that was looked into
   * @param written what was found
   */
  public record Reclaim(Optional<Instant> quietSince, Written written) {}

  /**
   * A request to pause.
   *
   * @param length empty for until it is resumed
   */
  public static JsonObject ofPause(Optional<Duration> length) {
    var object = new JsonObject();
    length.ifPresent(given -> object.addProperty("forSeconds", given.toSeconds()));
    return object;
  }

  /**
   * Reads for how long shall be paused; empty for until it is resumed.
   *
   * @throws JsonParseException if it isn't such a request
   */
  public static Optional<Duration> pause(JsonObject object) {
    requireKnown(object, PAUSE_FIELDS);
    if (!object.has("forSeconds")) {
      return Optional.empty();
    }
    long seconds = new Fields(object).number("forSeconds");
    if (seconds < 1 || seconds > PAUSE_SECONDS_MAX) {
      throw new JsonParseException("forSeconds must be in 1..%d".formatted(PAUSE_SECONDS_MAX));
    }
    return Optional.of(Duration.ofSeconds(seconds));
  }

  /** A moment in JSON; null for one that never comes. */
  public static JsonElement moment(Instant moment) {
    return moment.equals(Instant.MAX) ? JsonNull.INSTANCE : new JsonPrimitive(moment.toString());
  }

  static void requireKnown(JsonObject object, Set<String> known) {
    for (String field : object.keySet()) {
      if (!known.contains(field)) {
        throw new JsonParseException(
            "unknown field "
                + io.driftless.protocol.tree.Escaped.display(field)
                + "; known: "
                + listed(known));
      }
    }
  }
}
