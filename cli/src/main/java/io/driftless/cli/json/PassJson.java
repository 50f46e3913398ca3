package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import java.util.List;
import java.util.Optional;

/** Passes: how far they have come, and what they did. */
public final class PassJson {
  private PassJson() {}

  /** A pass that is queued or runs, or the report of one that has ended. */
  public static JsonObject of(PassProgress progress, Envelope envelope) {
    JsonObject object = envelope.open();
    progress
        .report()
        .ifPresentOrElse(report -> addReport(object, report), () -> addPass(object, progress));
    object.addProperty("phase", Words.of(progress.phase()));
    object.add("progress", progressOf(progress));
    return object;
  }

  /** The report of a finished pass. */
  public static JsonObject of(PassReport report, Envelope envelope) {
    JsonObject object = envelope.open();
    addReport(object, report);
    return object;
  }

  /** A pass, with nothing around it. */
  static JsonObject of(PassProgress progress) {
    var object = new JsonObject();
    addPass(object, progress);
    object.addProperty("phase", Words.of(progress.phase()));
    object.add("progress", progressOf(progress));
    return object;
  }

  /** A report with nothing around it, and without the list of its problems. */
  static JsonObject summaryOf(PassReport report) {
    var object = new JsonObject();
    addReport(object, report);
    object.remove("problems");
    return object;
  }

  private static void addPass(JsonObject object, PassProgress progress) {
    object.addProperty("volume", progress.volume());
    object.addProperty("pass", progress.pass());
    object.addProperty("purpose", Words.of(progress.purpose()));
    object.addProperty("startedAt", progress.startedAt().toString());
  }

  private static JsonObject progressOf(PassProgress progress) {
    var object = new JsonObject();
    object.addProperty("entriesFound", progress.found().entries());
    object.addProperty("filesFound", progress.found().files());
    object.addProperty("directoriesFound", progress.found().directories());
    object.addProperty("bytesFound", progress.found().bytes());
    object.addProperty("entriesDone", progress.entriesDone());
    object.addProperty("bytesDone", progress.bytesDone());
    object.addProperty("literalBytes", progress.literalBytes());
    object.addProperty("wireBytes", progress.wireBytes());
    object.addProperty("problems", progress.problems());
    object.add("blocked", Words.orNull(progress.blocked()));
    return object;
  }

  private static void addReport(JsonObject object, PassReport report) {
    object.addProperty("volume", report.volume());
    object.addProperty("target", report.target());
    object.addProperty("pass", report.pass());
    object.addProperty("purpose", Words.of(report.purpose()));
    object.addProperty("outcome", Words.of(report.outcome()));
    object.addProperty("startedAt", report.startedAt().toString());
    object.addProperty("seconds", Math.round(report.seconds() * 1000) / 1000.0);
    addCounters(object, report);
    object.addProperty("differencesTotal", report.differencesTotal());
    object.add("manifest", Words.orNull(report.manifest()));
    object.addProperty("problemsTotal", report.problemsTotal());
    object.add("problems", problems(report.problems()));
    object.add("notices", notices(report.notices()));
    object.add(
        "guard",
        report.guard().<JsonElement>map(guard -> guard(report, guard)).orElse(JsonNull.INSTANCE));
    object.add("error", report.error().<JsonElement>map(PassJson::error).orElse(JsonNull.INSTANCE));
  }

  private static void addCounters(JsonObject object, PassReport report) {
    Found found = report.found();
    Applied applied = report.applied();
    object.addProperty("entries", found.entries());
    object.addProperty("files", found.files());
    object.addProperty("directories", found.directories());
    object.addProperty("filesTransferred", applied.filesTransferred());
    object.addProperty("filesRenamed", applied.filesRenamed());
    object.addProperty("entriesDeleted", applied.entriesDeleted());
    object.addProperty("metadataOnly", applied.metadataOnly());
    object.addProperty("bytesTotal", found.bytes());
    object.addProperty("literalBytes", applied.literalBytes());
    object.addProperty("matchedBytes", applied.matchedBytes());
    object.addProperty("wireBytesSent", report.wireBytesSent());
    object.addProperty("wireBytesReceived", report.wireBytesReceived());
    object.addProperty("busyFiles", applied.busyFiles());
    object.addProperty("filesPatchedInPlace", applied.deltas().patchedInPlace());
    object.addProperty("filesCloned", applied.deltas().cloned());
    object.addProperty("filesRebuilt", applied.deltas().rebuilt());
    object.addProperty("deltaIncidents", applied.deltas().incidents());
  }

  /** Problems, as they stand in a report. */
  public static JsonArray problems(List<Problem> problems) {
    var array = new JsonArray(problems.size());
    for (Problem problem : problems) {
      var object = new JsonObject();
      PathJson.add(object, problem.path());
      object.addProperty("reason", problem.reason());
      object.addProperty("detail", problem.detail());
      array.add(object);
    }
    return array;
  }

  private static JsonArray notices(List<Notice> notices) {
    var array = new JsonArray(notices.size());
    for (Notice notice : notices) {
      var object = new JsonObject();
      object.addProperty("slug", notice.slug());
      object.addProperty("message", notice.message());
      array.add(object);
    }
    return array;
  }

  private static JsonObject guard(PassReport report, Guard guard) {
    var object = new JsonObject();
    object.addProperty("slug", guard.slug());
    object.addProperty("message", guard.message());
    object.add("examples", Words.texts(guard.examples()));
    object.add("look", Words.orNull(report.look()));
    object.addProperty("continueWith", guard.continueWith());
    return object;
  }

  static JsonObject error(Failure failure) {
    var object = new JsonObject();
    object.addProperty("slug", failure.slug());
    object.addProperty("message", failure.message());
    object.addProperty("hint", failure.hint());
    return object;
  }

  /** Reads what {@link #of(PassProgress, Envelope)} wrote. */
  public static PassProgress progress(Fields fields) {
    Fields progress = fields.optionalFields("progress").orElseThrow();
    return new PassProgress(
        fields.text("volume"),
        fields.number("pass"),
        fields.word("purpose", PassReport.Purpose.class),
        fields.word("phase", PassProgress.Phase.class),
        fields.instant("startedAt"),
        new Found(
            progress.number("entriesFound"),
            progress.number("filesFound"),
            progress.number("directoriesFound"),
            progress.number("bytesFound")),
        progress.number("entriesDone"),
        progress.number("bytesDone"),
        progress.number("literalBytes"),
        progress.number("wireBytes"),
        progress.number("problems"),
        progress.optionalText("blocked"),
        fields.optionalText("outcome").map(_ -> report(fields)));
  }

  /** Reads what {@link #of(PassReport, Envelope)} wrote, or a summary. */
  public static PassReport report(Fields fields) {
    return new PassReport(
        fields.text("volume"),
        fields.text("target"),
        fields.number("pass"),
        fields.word("purpose", PassReport.Purpose.class),
        fields.word("outcome", PassReport.Outcome.class),
        fields.instant("startedAt"),
        fields.fraction("seconds"),
        new Found(
            fields.number("entries"),
            fields.number("files"),
            fields.number("directories"),
            fields.number("bytesTotal")),
        readApplied(fields),
        fields.number("wireBytesSent"),
        fields.number("wireBytesReceived"),
        fields.number("problemsTotal"),
        fields.number("differencesTotal"),
        fields.object().has("problems") ? problems(fields) : List.of(),
        fields.list("notices").stream().map(PassJson::readNotice).toList(),
        fields.optionalFields("guard").map(PassJson::readGuard),
        readError(fields),
        fields.optionalText("manifest"));
  }

  private static Applied readApplied(Fields fields) {
    return new Applied(
        fields.number("filesTransferred"),
        fields.number("filesRenamed"),
        fields.number("entriesDeleted"),
        fields.number("metadataOnly"),
        fields.number("literalBytes"),
        fields.number("matchedBytes"),
        fields.number("busyFiles"),
        new Deltas(
            fields.number("filesPatchedInPlace"),
            fields.number("filesCloned"),
            fields.number("filesRebuilt"),
            fields.number("deltaIncidents")));
  }

  /** Reads the list of problems in an object. */
  public static List<Problem> problems(Fields fields) {
    return fields.list("problems").stream()
        .map(each -> new Problem(PathJson.read(each), each.text("reason"), each.text("detail")))
        .toList();
  }

  /** Reads the error in an object, if there is one. */
  public static Optional<Failure> readError(Fields fields) {
    return fields
        .optionalFields("error")
        .map(each -> new Failure(each.text("slug"), each.text("message"), each.text("hint")));
  }

  private static Notice readNotice(Fields fields) {
    return new Notice(fields.text("slug"), fields.text("message"));
  }

  private static Guard readGuard(Fields fields) {
    return new Guard(
        fields.text("slug"),
        fields.text("message"),
        fields.texts("examples"),
        fields.text("continueWith"));
  }
}
