package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.driftless.cli.quantity.Rate;
import io.driftless.protocol.pace.Calendar;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.Limits;
import io.driftless.protocol.pace.ManualLimit;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.pace.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What an agent may use: as it is told, set and kept. Null stands for no limit. */
public final class ThrottleJson {
  /** Under which it stands in answers. */
  public static final String NAME = "throttle";

  private static final String WIRE = "limitBitsPerSecond";
  private static final String DISK = "diskBytesPerSecond";
  private static final String WALK = "walkEntriesPerSecond";
  private static final String UNTIL = "until";
  private static final Set<String> REQUEST_FIELDS = Set.of("rate", "forSeconds", UNTIL);
  private static final long SECONDS_MAX = 400L * 86_400;

  private ThrottleJson() {}

  public static JsonObject of(ThrottleStatus status) {
    JsonObject object = limits(status.limits());
    object.addProperty("source", Words.of(status.cause()));
    object.addProperty("reason", status.reason());
    object.add(UNTIL, Words.orNull(status.until()));
    object.add(
        "next", status.next().<JsonElement>map(ThrottleJson::wire).orElse(JsonNull.INSTANCE));
    object.add(
        "usingBitsPerSecond",
        status.bitsPerSecond().isPresent()
            ? new JsonPrimitive(status.bitsPerSecond().getAsLong())
            : JsonNull.INSTANCE);
    object.addProperty("zone", status.calendar().zone().getId());
    object.add("base", limits(status.calendar().base()));
    var windows = new JsonArray();
    status.calendar().windows().forEach(window -> windows.add(of(window)));
    object.add("windows", windows);
    object.add("notices", Words.texts(status.notices()));
    return object;
  }

  private static JsonObject wire(Limit limit) {
    var object = new JsonObject();
    object.add(WIRE, of(limit));
    return object;
  }

  private static JsonObject limits(Limits limits) {
    JsonObject object = wire(limits.wire());
    object.add(DISK, of(limits.disk()));
    object.add(WALK, of(limits.walk()));
    return object;
  }

  private static JsonObject of(Window window) {
    var object = new JsonObject();
    object.addProperty("id", window.id());
    object.addProperty("when", HoursText.of(window.hours()));
    window.wire().ifPresent(limit -> object.add(WIRE, of(limit)));
    window.disk().ifPresent(limit -> object.add(DISK, of(limit)));
    window.walk().ifPresent(limit -> object.add(WALK, of(limit)));
    return object;
  }

  private static JsonElement of(Limit limit) {
    return limit.isUnlimited() ? JsonNull.INSTANCE : new JsonPrimitive(limit.perSecond());
  }

  /** Reads what {@link #of(ThrottleStatus)} wrote, out of an answer that has it. */
  public static ThrottleStatus readOf(Fields answer) {
    Fields fields = answer.optionalFields(NAME).orElseThrow();
    return new ThrottleStatus(
        readLimits(fields),
        fields.word("source", ThrottleStatus.Cause.class),
        fields.text("reason"),
        fields.optionalInstant(UNTIL),
        fields.optionalFields("next").map(next -> readLimit(next, WIRE)),
        fields.object().get("usingBitsPerSecond").isJsonNull()
            ? OptionalLong.empty()
            : OptionalLong.of(fields.number("usingBitsPerSecond")),
        new Calendar(
            ZoneId.of(fields.text("zone")),
            readLimits(fields.optionalFields("base").orElseThrow()),
            fields.list("windows").stream().map(ThrottleJson::readWindow).toList()),
        fields.texts("notices"));
  }

  private static Limits readLimits(Fields fields) {
    return new Limits(readLimit(fields, WIRE), readLimit(fields, DISK), readLimit(fields, WALK));
  }

  private static Window readWindow(Fields fields) {
    return new Window(
        fields.text("id"),
        HoursText.parse(fields.text("when")),
        readNamed(fields, WIRE),
        readNamed(fields, DISK),
        readNamed(fields, WALK));
  }

  private static Optional<Limit> readNamed(Fields fields, String name) {
    return fields.object().has(name) ? Optional.of(readLimit(fields, name)) : Optional.empty();
  }

  private static Limit readLimit(Fields fields, String name) {
    JsonElement limit = fields.object().get(name);
    if (limit == null) {
      throw new JsonParseException("the field " + name + " is missing");
    }
    return limit.isJsonNull() ? Limit.UNLIMITED : new Limit(fields.number(name));
  }

  // What is set by hand

  /** As it is kept. */
  public static JsonObject of(ManualLimit manual) {
    JsonObject object = wire(manual.wire());
    object.add(UNTIL, Words.orNull(manual.until()));
    return object;
  }

  public static ManualLimit readManual(JsonObject object) {
    var fields = new Fields(object);
    return new ManualLimit(readLimit(fields, WIRE), fields.optionalInstant(UNTIL));
  }

  /** Asks an agent to set a limit. */
  public static JsonObject request(
      String rate, Optional<Duration> length, Optional<Instant> until) {
    var object = new JsonObject();
    object.addProperty("rate", rate);
    length.ifPresent(given -> object.addProperty("forSeconds", given.toSeconds()));
    until.ifPresent(given -> object.addProperty(UNTIL, given.toString()));
    return object;
  }

  public static String requestFields() {
    return "rate, and forSeconds or until (a moment in UTC)";
  }

  /**
   * Reads such a request.
   *
   * @throws JsonParseException if it is none
   * @throws IllegalArgumentException if the rate is none; one line
   */
  public static ManualLimit readRequest(JsonObject object, Instant now) {
    RequestJson.requireKnown(object, REQUEST_FIELDS);
    var fields = new Fields(object);
    Limit wire = Limit.of(Rate.parse(fields.text("rate")).bitsPerSecond());
    if (object.has("forSeconds") && object.has(UNTIL)) {
      throw new JsonParseException("give forSeconds or until, not both");
    }
    if (object.has("forSeconds")) {
      long seconds = fields.number("forSeconds");
      if (seconds < 1 || seconds > SECONDS_MAX) {
        throw new JsonParseException("forSeconds must be in 1..%d".formatted(SECONDS_MAX));
      }
      return new ManualLimit(wire, Optional.of(now.plusSeconds(seconds)));
    }
    Optional<Instant> until = fields.optionalInstant(UNTIL);
    if (until.filter(now::isBefore).isEmpty() && until.isPresent()) {
      throw new JsonParseException("until is over already");
    }
    return new ManualLimit(wire, until);
  }
}
