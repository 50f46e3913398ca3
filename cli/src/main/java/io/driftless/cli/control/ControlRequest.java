package io.driftless.cli.control;

import java.util.List;
import java.util.Map;

/**
 * What was asked.
 *
 * @param path its parts, decoded
 * @param query the first value of each parameter
 * @param body as text, empty if there was none
 */
record ControlRequest(String method, List<String> path, Map<String, String> query, String body) {
  /** The first segment of every path: changes only when old clients could not understand. */
  static final String VERSION = "v1";
}
