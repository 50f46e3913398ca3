package io.driftless.target.session;

import io.driftless.protocol.pace.Throttle;
import io.driftless.target.session.Ownership.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be asked of a running target agent. Thread-safe; nothing here waits for the network. */
public interface TargetControl {
  String agentName();

  String listenAddress();

  List<ReplicaStatus> volumes();

  /** What it may use up. */
  Throttle throttle();

  List<AgentStatus> agents();

  /**
   * Makes a token for one new agent.
   *
   * @throws IllegalArgumentException if a volume is unknown or a value out of range, in one line
   */
  String invite(InviteRequest request);

  /**
   * Takes an agent off the list and ends its connections.
   *
   * @return whether there was such an agent
   */
  boolean revoke(String agentNameOrId);

  /**
   * Who may write to a volume.
   *
   * @param volume one of {@link #volumes}, also below
   */
  Ownership ownership(String volume);

  /**
   * Ends the right of all sources to write to a volume, for good; durable, and nothing is written
   * any more, when this returns. Waits for disks. A volume that is released stays so.
   */
  Ownership release(String volume, String reason);

  /**
   * Lets the volume's source write again.
   *
   * @param quietSince of the release that the caller has looked into
   * @throws IllegalArgumentException if the volume is released otherwise than that, in one line
   */
  Ownership reclaim(String volume, Optional<Instant> quietSince, Written written);

  /**
   * A volume on the target.
   *
   * @param agent that brings it, if one has been admitted to it
   * @param state slug of the closed list of states
   * @param problems of its last pass
   */
  record ReplicaStatus(
      String name,
      String root,
      Optional<String> agent,
      long generation,
      String state,
      String reason,
      Instant since,
      String next,
      Optional<Instant> durableAt,
      long problems,
      long freeBytes,
      long freeInodes) {}

  /**
   * An agent on the list.
   *
   * @param rival another process with the same identity, if one has asked to be let in
   */
  record AgentStatus(
      String id,
      String name,
      List<String> volumes,
      boolean connected,
      Optional<Instant> lastSeen,
      Optional<Instant> certificateExpiresAt,
      Optional<String> address,
      Optional<Rival> rival) {}

  /**
   * A second process with the identity of an agent that is connected: its machine was copied, or it
   * was started twice.
   *
   * @param attempts how often it was sent away
   * @param lastAddress where it came from, for people
   */
  record Rival(long attempts, Instant first, Instant last, String lastAddress) {}

  /**
   * What a token shall allow.
   *
   * @param agent name that the new agent must take, if it is prescribed
   * @param volumes that it may bring; empty for all that no agent brings yet
   * @param addresses HOST:PORT under which the target can be reached; empty for those it can find
   *     itself
   */
  record InviteRequest(
      Optional<String> agent, List<String> volumes, List<String> addresses, Duration validFor) {}
}
