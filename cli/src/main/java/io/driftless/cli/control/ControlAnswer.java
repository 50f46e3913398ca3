package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.json.JsonText;

/**
 * What is answered.
 *
 * @param status of HTTP
 * @param type of the text, as HTTP names it
 */
record ControlAnswer(int status, String type, String text) {
  static final int OK = 200;
  static final int ACCEPTED = 202;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  private static final String JSON = "application/json";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  ControlAnswer(int status, JsonObject body) {
    this(status, JSON, JsonText.of(body) + "\n");
  }

  static ControlAnswer ok(JsonObject body) {
    return new ControlAnswer(OK, body);
  }

  static ControlAnswer line(int status, String line) {
    return new ControlAnswer(status, PLAIN, line + "\n");
  }

  static ControlAnswer metrics(String text) {
    return new ControlAnswer(OK, PROMETHEUS, text);
  }
}
