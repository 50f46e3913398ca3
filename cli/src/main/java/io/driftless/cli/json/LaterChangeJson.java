package io.driftless.cli.json;

import com.google.gson.JsonObject;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.target.compare.LaterChanges.Change;
import io.driftless.target.compare.LaterChanges.Summary;

/** What was written to a volume on the target since it was released. */
public final class LaterChangeJson {
  private LaterChangeJson() {}

  public static JsonObject of(String volume, Change change) {
    var object = new JsonObject();
    object.addProperty("volume", volume);
    PathJson.add(object, change.path());
    object.addProperty("kind", DifferenceJson.word(change.kind()));
    object.addProperty("change", change.isNew() ? "created" : "changed");
    object.addProperty("changedAt", change.at().toString());
    return object;
  }

  /** Adds how much it was. */
  public static void add(JsonObject object, Summary found) {
    object.addProperty("entriesCreated", found.created());
    object.addProperty("entriesChanged", found.changes() - found.created());
    object.addProperty("directoriesUnread", found.unread());
  }

  /**
   * What keeps a volume from being given back.
   *
   * @param object that says how the volume is
   */
  public static JsonObject refused(JsonObject object, Summary found, CommandFailure failure) {
    add(object, found);
    var error = new JsonObject();
    error.addProperty("slug", failure.slug());
    error.addProperty("message", failure.message());
    error.addProperty("hint", failure.hint());
    object.add("error", error);
    return object;
  }
}
