package io.driftless.cli.json;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassRequest;
import io.driftless.target.session.TargetControl.InviteRequest;
import java.time.Duration;
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

  private RequestJson() {}

  /** The fields that a request for a pass may have. */
  public static String passFields() {
    return listed(PASS_FIELDS);
  }

  /** The fields that a request for an invitation may have. */
  public static String invitationFields() {
    return listed(INVITATION_FIELDS);
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
