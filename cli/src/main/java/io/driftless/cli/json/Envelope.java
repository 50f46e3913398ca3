package io.driftless.cli.json;

import com.google.gson.JsonObject;

/**
 * What every object begins with.
 *
 * @param agent name of the agent that says it
 * @param version of its program
 */
public record Envelope(String agent, String version) {
  public static final int SCHEMA = 1;

  /** A new object that begins so. */
  public JsonObject open() {
    var object = new JsonObject();
    object.addProperty("schema", SCHEMA);
    object.addProperty("agent", agent);
    object.addProperty("version", version);
    return object;
  }

  static Envelope of(Fields fields) {
    return new Envelope(fields.text("agent"), fields.text("version"));
  }
}
