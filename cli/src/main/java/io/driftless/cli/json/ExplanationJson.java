package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Kind;
import io.driftless.source.session.EntryInquiry.Question;
import io.driftless.source.session.Explanation;
import io.driftless.source.session.Explanation.Finding;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.PassReport.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Questions about one entry, and the answers. */
public final class ExplanationJson {
  private static final Set<String> FIELDS = Set.of("path", "pathBytes", "content");

  private ExplanationJson() {}

  /** The fields that a question may have. */
  public static String fields() {
    return String.join(", ", FIELDS.stream().sorted().toList());
  }

  public static JsonObject of(Question question) {
    var object = new JsonObject();
    PathJson.add(object, question.path());
    object.addProperty("content", question.compare() == Compare.CONTENT);
    return object;
  }

  /**
   * Reads a question.
   *
   * @throws JsonParseException if it isn't one
   */
  public static Question question(JsonObject object) {
    RequestJson.requireKnown(object, FIELDS);
    var fields = new Fields(object);
    boolean content = object.has("content") && fields.flag("content");
    return new Question(PathJson.read(fields), content ? Compare.CONTENT : Compare.METADATA);
  }

  /** How far a question has come: adds {@code state}, and the answer or the error. */
  public static void add(JsonObject object, Inquiry inquiry) {
    switch (inquiry) {
      case Inquiry.Waiting _ -> object.addProperty("state", "waiting");
      case Inquiry.Looking _ -> object.addProperty("state", "looking");
      case Inquiry.Answered(var explanation) -> {
        object.addProperty("state", "answered");
        add(object, explanation);
      }
      case Inquiry.Failed(var failure) -> {
        object.addProperty("state", "failed");
        object.add("error", PassJson.error(failure));
      }
    }
  }

  private static void add(JsonObject object, Explanation explanation) {
    object.addProperty("volume", explanation.volume());
    PathJson.add(object, explanation.path());
    object.addProperty("finding", Words.of(explanation.finding()));
    object.addProperty("reason", explanation.reason());
    object.add("sourceKind", Words.orNull(explanation.source().map(DifferenceJson::word)));
    object.add("targetKind", Words.orNull(explanation.target().map(DifferenceJson::word)));
    object.addProperty("targetChanged", explanation.left() == Left.CHANGED_SINCE);
    object.addProperty("contentCompared", explanation.compare() == Compare.CONTENT);
    var aspects = new JsonArray();
    explanation.aspects().forEach(each -> aspects.add(of(each)));
    object.add("aspects", aspects);
    object.add(
        "problem",
        explanation
            .problem()
            .<JsonElement>map(each -> PassJson.problems(List.of(each)).get(0))
            .orElse(JsonNull.INSTANCE));
  }

  private static JsonObject of(Aspect aspect) {
    var object = new JsonObject();
    object.addProperty("aspect", DifferenceJson.word(aspect.trait()));
    object.addProperty("likeness", Words.of(aspect.likeness()));
    object.addProperty("source", aspect.source());
    object.addProperty("target", aspect.target());
    return object;
  }

  /** Reads what {@link #add(JsonObject, Inquiry)} wrote. */
  public static Inquiry inquiry(Fields fields) {
    return switch (fields.text("state")) {
      case "waiting" -> new Inquiry.Waiting();
      case "looking" -> new Inquiry.Looking();
      case "answered" -> new Inquiry.Answered(explanation(fields));
      case "failed" ->
          new Inquiry.Failed(
              PassJson.readError(fields)
                  .orElseGet(() -> new Failure("internal", "no error was told", "")));
      default -> throw new JsonParseException("the field state has an unexpected value");
    };
  }

  private static Explanation explanation(Fields fields) {
    Optional<Problem> problem =
        fields
            .optionalFields("problem")
            .map(
                each -> new Problem(PathJson.read(each), each.text("reason"), each.text("detail")));
    return new Explanation(
        fields.text("volume"),
        PathJson.read(fields),
        fields.word("finding", Finding.class),
        fields.text("reason"),
        fields.optionalText("sourceKind").map(ExplanationJson::kind),
        fields.optionalText("targetKind").map(ExplanationJson::kind),
        fields.flag("targetChanged") ? Left.CHANGED_SINCE : Left.UNTOUCHED,
        fields.list("aspects").stream().map(ExplanationJson::aspect).toList(),
        problem,
        fields.flag("contentCompared") ? Compare.CONTENT : Compare.METADATA);
  }

  private static Kind kind(String word) {
    return Arrays.stream(Kind.values())
        .filter(each -> DifferenceJson.word(each).equals(word))
        .findFirst()
        .orElseThrow(() -> new JsonParseException("a kind has an unexpected value"));
  }

  private static Aspect aspect(Fields fields) {
    return new Aspect(
        fields.word("aspect", Trait.class),
        fields.word("likeness", Likeness.class),
        fields.text("source"),
        fields.text("target"));
  }
}
