package io.driftless.cli.control;

import com.google.gson.JsonObject;

/** What is answered: an HTTP status and an object. */
record ControlAnswer(int status, JsonObject body) {
  static final int OK = 200;
  static final int ACCEPTED = 202;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int FAILED = 500;

  static ControlAnswer ok(JsonObject body) {
    return new ControlAnswer(OK, body);
  }
}
