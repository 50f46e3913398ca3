package io.driftless.cli.config;

/** One thing that is wrong with a configuration, one line. */
public record Flaw(String place, String message) {
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
