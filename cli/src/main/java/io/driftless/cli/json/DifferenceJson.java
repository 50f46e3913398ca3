package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.tree.Kind;
import io.driftless.source.session.NumberedDifference;
import java.util.Arrays;
import java.util.List;

/** Differences of entries, and what is done about them. */
public final class DifferenceJson {
  private DifferenceJson() {}

  /** What a kind of entry is called. */
  public static String word(Kind kind) {
    return kind == Kind.REGULAR ? "file" : Words.of(kind);
  }

  /** What a trait is called. */
  public static String word(Trait trait) {
    return Words.of(trait);
  }

  /** One difference, on its own line of a report. */
  public static JsonObject of(String volume, Difference difference) {
    var object = new JsonObject();
    object.addProperty("volume", volume);
    add(object, difference);
    return object;
  }

  /** One change, on its own line. */
  public static JsonObject of(String volume, Change change) {
    var object = new JsonObject();
    object.addProperty("volume", volume);
    PathJson.add(object, change.path());
    object.addProperty("kind", word(change.kind()));
    object.addProperty("action", Words.of(change.action()));
    change.before().ifPresent(before -> object.addProperty("before", before));
    object.add("reasons", Words.texts(change.reasons().stream().map(Words::of).toList()));
    return object;
  }

  private static void add(JsonObject object, Difference difference) {
    PathJson.add(object, difference.path());
    object.addProperty("kind", word(difference.kind()));
    object.addProperty("difference", word(difference.trait()));
    object.addProperty("source", difference.source());
    object.addProperty("target", difference.target());
    object.addProperty("targetChanged", difference.left() == Left.CHANGED_SINCE);
  }

  /** A page of differences. */
  public static JsonArray page(List<NumberedDifference> differences) {
    var array = new JsonArray(differences.size());
    for (NumberedDifference each : differences) {
      var object = new JsonObject();
      object.addProperty("number", each.number());
      add(object, each.difference());
      array.add(object);
    }
    return array;
  }

  /** Reads what {@link #page} wrote. */
  public static List<NumberedDifference> page(Fields fields) {
    return fields.list("differences").stream().map(DifferenceJson::read).toList();
  }

  private static NumberedDifference read(Fields fields) {
    String word = fields.text("kind");
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> word(each).equals(word))
            .findFirst()
            .orElseThrow(() -> new JsonParseException("the field kind has an unexpected value"));
    return new NumberedDifference(
        fields.number("number"),
        new Difference(
            PathJson.read(fields),
            kind,
            fields.word("difference", Trait.class),
            fields.flag("targetChanged") ? Left.CHANGED_SINCE : Left.UNTOUCHED,
            fields.text("source"),
            fields.text("target")));
  }
}
