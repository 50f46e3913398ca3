package io.driftless.cli.command;

import io.driftless.protocol.pace.Throttle;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Release;
import io.driftless.target.session.TargetControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A target with one volume and one agent. */
public final class FakeTarget implements TargetControl {
  final Throttle throttle = Throttle.open();

  private final List<InviteRequest> invitations = new ArrayList<>();
  private boolean revoked;
  private @Nullable Release release;

  /** Who else has the identity of its agent. */
  @Nullable Rival rival;

  /** When it has written to a volume that it releases for the last time. */
  Instant quietAt = Samples.NOW;

  /** Where its volume lies. */
  String volumeRoot = "/srv/www";

  Optional<PassRecord> whole = Optional.empty();
  Optional<PassRecord> latest = Optional.empty();
  Optional<String> unfinished = Optional.empty();

  /** What was said of the volume when it was given back. */
  @Nullable Written reclaimed;

  synchronized List<InviteRequest> invitations() {
    return List.copyOf(invitations);
  }

  @Override
  public Throttle throttle() {
    return throttle;
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
            volumeRoot,
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
                Optional.of("198.51.100.9:50122"),
                Optional.ofNullable(rival)));
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

  @Override
  public synchronized Ownership ownership(String volume) {
    return new Ownership(
        volume,
        volumeRoot,
        Optional.of("web1"),
        release == null ? 1 : 2,
        Optional.ofNullable(release),
        unfinished,
        whole,
        latest,
        whole.map(PassRecord::began),
        0);
  }

  @Override
  public synchronized Ownership release(String volume, String reason) {
    if (release == null) {
      release = new Release(Samples.NOW, reason, Optional.of(quietAt));
    }
    return ownership(volume);
  }

  @Override
  public synchronized Ownership reclaim(
      String volume, Optional<Instant> quietSince, Written written) {
    if (!Optional.ofNullable(release).flatMap(Release::quietSince).equals(quietSince)) {
      throw new IllegalArgumentException("released by somebody else");
    }
    release = null;
    reclaimed = written;
    return ownership(volume);
  }

  /** Its release, as the ledger would have it. */
  synchronized Map<String, Release> releases() {
    return release == null ? Map.of() : Map.of("www", release);
  }
}
