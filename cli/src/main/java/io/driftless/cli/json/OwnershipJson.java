package io.driftless.cli.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Release;
import java.util.Optional;

/** Who may write to a volume on the target, and how current it is. */
public final class OwnershipJson {
  private OwnershipJson() {}

  /** Adds it to an object that has been opened. */
  public static JsonObject add(JsonObject object, Ownership ownership) {
    object.addProperty("volume", ownership.volume());
    object.addProperty("root", ownership.root());
    object.add("source", Words.orNull(ownership.agent()));
    object.addProperty("generation", ownership.generation());
    object.addProperty("released", ownership.isReleased());
    Optional<Release> release = ownership.release();
    object.add("since", Words.orNull(release.map(Release::since)));
    object.add("reason", Words.orNull(release.map(Release::reason)));
    object.add("quietSince", Words.orNull(release.flatMap(Release::quietSince)));
    object.add("unfinished", Words.orNull(ownership.unfinished()));
    object.add("wholePass", pass(ownership.whole()));
    object.add("latestPass", pass(ownership.latest()));
    object.addProperty("cut", ownership.cut().isPresent());
    object.add("durableAt", Words.orNull(ownership.durableAt()));
    object.addProperty("doubtfulEntries", ownership.doubtful());
    return object;
  }

  private static JsonElement pass(Optional<PassRecord> pass) {
    return pass.<JsonElement>map(OwnershipJson::pass).orElse(JsonNull.INSTANCE);
  }

  private static JsonObject pass(PassRecord pass) {
    var object = new JsonObject();
    object.addProperty("pass", pass.number());
    object.addProperty("source", pass.source());
    object.addProperty("below", pass.below());
    object.addProperty("beganAt", pass.began().toString());
    object.add("endedAt", Words.orNull(pass.ended()));
    object.addProperty("outcome", pass.outcome());
    object.addProperty("detail", pass.detail());
    object.addProperty("problemsTotal", pass.problems());
    return object;
  }

  /** A release by itself, or null. */
  public static JsonElement release(Optional<Release> release) {
    return release
        .<JsonElement>map(present -> {
          var object = new JsonObject();
          object.addProperty("since", present.since().toString());
          object.addProperty("reason", present.reason());
          return object;
        })
        .orElse(JsonNull.INSTANCE);
  }

  public static Ownership read(JsonObject object) {
    var fields = new Fields(object);
    Optional<Release> release =
        fields.flag("released")
            ? Optional.of(
                new Release(
                    fields.instant("since"),
                    fields.text("reason"),
                    fields.optionalInstant("quietSince")))
            : Optional.empty();
    return new Ownership(
        fields.text("volume"),
        fields.text("root"),
        fields.optionalText("source"),
        fields.number("generation"),
        release,
        fields.optionalText("unfinished"),
        fields.optionalFields("wholePass").map(OwnershipJson::readPass),
        fields.optionalFields("latestPass").map(OwnershipJson::readPass),
        fields.optionalInstant("durableAt"),
        fields.number("doubtfulEntries"));
  }

  private static PassRecord readPass(Fields fields) {
    return new PassRecord(
        fields.number("pass"),
        fields.text("source"),
        fields.text("below"),
        fields.instant("beganAt"),
        fields.optionalInstant("endedAt"),
        fields.text("outcome"),
        fields.text("detail"),
        fields.number("problemsTotal"));
  }
}
