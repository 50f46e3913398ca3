package io.driftless.cli.daemon;

import io.driftless.cli.home.Home;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Gets a source its identity from a target. */
@FunctionalInterface
public interface SourceEnrolment {
  /**
   * Checks the token, connects, checks the rights and stores the identity in the home, whose
   * directories are there. On failure nothing is left behind.
   *
   * @throws io.driftless.cli.outcome.CommandFailure if the token is no good, the target can't be
   *     reached or refuses, in one line
   */
  Joined join(Request request, Home home) throws IOException;

  /**
   * What a source asks for.
   *
   * @param token as it was given
   * @param agent name that the source wants
   * @param volumes names of the volumes that it means to bring
   */
  record Request(String token, String agent, List<String> volumes) {}

  /**
   * What a source has got.
   *
   * @param agent name that it was given
   * @param target name of the target
   * @param addresses {@code HOST:PORT} under which it can be reached
   */
  record Joined(
      String agent, String target, List<String> addresses, Instant certificateExpiresAt) {}
}
