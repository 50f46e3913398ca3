package io.driftless.cli.home;

import java.util.Locale;

/** Which of the two agents lives in a home. */
public enum AgentRole {
  SOURCE,
  TARGET;

  /** As it stands in paths, options and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
