package io.driftless.cli.assembly;

import io.driftless.cli.daemon.Agents;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The agents as they really are. */
public final class Assembly {
  private Assembly() {}

  /** Everything that commands can set up and start; nothing is started here. */
  public static Agents agents(String version) {
    InstantSource clock = InstantSource.system();
    var random = new SecureRandom();
    return new Agents(
        new LiveSource(version, random, clock),
        new LiveTarget(version, random, clock),
        new DormantTarget(random, clock),
        new LocalCopy(version, random, clock),
        new Founding(random, clock),
        new Enrolment(version, random, clock));
  }
}
