package io.driftless.cli.command;

import io.driftless.target.session.TargetControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A target with one volume and one agent. */
public final class FakeTarget implements TargetControl {
  private final List<InviteRequest> invitations = new ArrayList<>();
  private boolean revoked;

  synchronized List<InviteRequest> invitations() {
    return List.copyOf(invitations);
  }

  @Override
  public String agentName() {
    return "newhoster";
  }

  @Override
  public String listenAddress() {
    return "0.0.0.0:7440";
  }

  @Override
  public List<ReplicaStatus> volumes() {
    return List.of(
        new ReplicaStatus(
            "www",
            "/srv/www",
            Optional.of("web1"),
            1,
            "blocked",
            "no room: 1.2 GiB missing",
            Samples.NOW.minusSeconds(120),
            "looks again every 10 s",
            Optional.of(Samples.NOW.minusSeconds(125)),
            2,
            4096,
            1_270_000));
  }

  @Override
  public synchronized List<AgentStatus> agents() {
    return revoked
        ? List.of()
        : List.of(
            new AgentStatus(
                "3f2a",
                "web1",
                List.of("www"),
                true,
                Optional.of(Samples.NOW),
                Optional.of(Instant.parse("2026-11-28T10:00:00Z")),
                Optional.of("198.51.100.9:50122")));
  }

  @Override
  public synchronized String invite(InviteRequest request) {
    if (request.volumes().contains("nothing")) {
      throw new IllegalArgumentException("no volume is called nothing");
    }
    invitations.add(request);
    return "dl1.token";
  }

  @Override
  public synchronized boolean revoke(String agentNameOrId) {
    boolean known = !revoked && agentNameOrId.equals("web1");
    revoked |= known;
    return known;
  }
}
