package io.driftless.cli.screen;

import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.StatusJson.Status;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The status of a source. */
public final class StatusText {
  private static final String NONE = "-";
  private static final Duration SKEW_NOTED = Duration.ofSeconds(2);
  private static final Set<State> NEED_YOU =
      Set.of(State.HELD, State.BLOCKED, State.ERROR, State.DISCONNECTED);

  private final Status.OfSource status;
  private final Moments moments;

  public StatusText(Status.OfSource status, Moments moments) {
    this.status = status;
    this.moments = moments;
  }

  /** The answer, a table of the volumes, what is to say about them, the connections. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(first());
    if (!status.volumes().isEmpty()) {
      lines.addAll(table());
      status.volumes().forEach(volume -> addRemarks(lines, volume));
    }
    var throttle = new ThrottleText(status.throttle(), moments);
    lines.add("Throttle     " + throttle.line());
    lines.addAll(throttle.notices());
    addWatching(lines);
    status.peers().forEach(peer -> addPeer(lines, peer));
    return lines;
  }

  /** A line for each volume, for those who write them down. */
  public static List<String> briefly(Status status) {
    return switch (status) {
      case Status.OfSource source -> source.volumes().stream().map(StatusText::brief).toList();
      case Status.OfTarget target ->
          target.volumes().stream().map(volume -> volume.name() + "  " + volume.state()).toList();
    };
  }

  private static String brief(VolumeStatus volume) {
    String line = volume.name() + "  " + word(volume.state());
    Optional<ReplicationStatus> replication = volume.replication();
    if (replication.isPresent()) {
      ReplicationStatus now = replication.get();
      line +=
          "  lag %s  %s dirty"
              .formatted(
                  now.lag().map(Shown::span).orElse("unknown"), Shown.brief(now.dirtyEntries()));
    }
    String reason = Escaped.message(volume.reason());
    return reason.isEmpty() ? line : line + "  " + reason;
  }

  private String first() {
    Envelope agent = status.envelope();
    String self = "%s (source, %s)".formatted(agent.agent(), agent.version());
    String to =
        switch (status.peers().size()) {
          case 0 -> ", no target yet";
          case 1 -> " -> " + connection(status.peers().getFirst());
          default -> " -> %d targets".formatted(status.peers().size());
        };
    return self + to + "   " + verdict();
  }

  private String verdict() {
    long waiting =
        status.volumes().stream().filter(volume -> NEED_YOU.contains(volume.state())).count();
    int all = status.volumes().size();
    if (all == 0) {
      return "no volumes yet";
    }
    long released =
        status.volumes().stream().filter(volume -> volume.state() == State.RELEASED).count();
    if (waiting == 0 && released > 0) {
      return "%d of %s released".formatted(released, Shown.count(all, "volume", "volumes"));
    }
    if (waiting == 0) {
      return all == 1 ? "all well" : "all well with %d volumes".formatted(all);
    }
    return "%d of %s %s you"
        .formatted(waiting, Shown.count(all, "volume", "volumes"), waiting == 1 ? "needs" : "need");
  }

  private String connection(PeerStatus peer) {
    String name = Escaped.display(peer.name()) + " " + Escaped.display(peer.address());
    return switch (peer.connection()) {
      case CONNECTED -> name + ", connected " + Shown.span(since(peer.since()));
      case CONNECTING -> name + ", connecting";
      case DISCONNECTED -> name + ", not connected for " + Shown.span(since(peer.since()));
    };
  }

  private Duration since(Instant moment) {
    return Duration.between(moment, moments.now());
  }

  private List<String> table() {
    var table =
        new Table(
            List.of("VOLUME", "STATE", "LAG", "DIRTY", "ENTRIES", "LAST PASS", "VERIFIED"),
            Set.of("DIRTY", "ENTRIES"));
    for (VolumeStatus volume : status.volumes()) {
      table.row(
          volume.name(),
          word(volume.state()),
          volume.replication().flatMap(ReplicationStatus::lag).map(Shown::span).orElse(NONE),
          volume.replication().map(now -> Shown.brief(now.dirtyEntries())).orElse(NONE),
          volume.lastPass().map(pass -> Shown.brief(pass.found().entries())).orElse(NONE),
          volume.lastPass().map(this::lastPass).orElse(NONE),
          volume.lastVerification().map(this::verified).orElse(NONE));
    }
    return table.lines();
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String lastPass(PassReport pass) {
    String outcome =
        switch (pass.outcome()) {
          case DONE -> "ok";
          case PROBLEMS -> Shown.count(pass.problemsTotal(), "problem", "problems");
          case REFUSED, CANCELLED, FAILED -> pass.outcome().name().toLowerCase(Locale.ROOT);
        };
    return "#%d %s %s".formatted(pass.pass(), moments.day(pass.startedAt()), outcome);
  }

  private String verified(PassReport pass) {
    return "%s, %s".formatted(moments.day(pass.startedAt()), VerificationText.brief(pass));
  }

  private void addRemarks(List<String> lines, VolumeStatus volume) {
    volume.running().ifPresent(pass -> lines.add(running(pass)));
    Optional<Instant> pausedUntil =
        volume.replication().flatMap(ReplicationStatus::pausedUntil).filter(Instant.MAX::isAfter);
    if (volume.state() == State.PAUSED && pausedUntil.isPresent()) {
      lines.add(
          "%s  paused for %s, until %s"
              .formatted(
                  volume.name(),
                  Shown.span(Duration.between(moments.now(), pausedUntil.get())),
                  moments.full(pausedUntil.get())));
    } else if (!volume.reason().isEmpty()) {
      lines.add(
          "%s  %s since %s: %s"
              .formatted(
                  volume.name(),
                  word(volume.state()),
                  moments.clock(volume.since()),
                  Escaped.message(volume.reason())));
    }
    if (!volume.next().isEmpty()) {
      lines.add("      next:      " + Escaped.message(volume.next()));
    }
    volume.replication().ifPresent(now -> addReplication(lines, volume, now));
    if (volume.running().isEmpty() && volume.state() != State.RELEASED) {
      volume
          .lastPass()
          .filter(pass -> pass.guard().isPresent() || pass.error().isPresent())
          .ifPresent(pass -> addOutcome(lines, pass));
    }
  }

  private static void addReplication(
      List<String> lines, VolumeStatus volume, ReplicationStatus now) {
    now.doubt()
        .filter(doubt -> !doubt.equals(volume.reason()))
        .ifPresent(doubt ->
            lines.add(
                "%s  in doubt until a pass has looked: %s"
                    .formatted(volume.name(), Escaped.message(doubt))));
    if (now.busyFiles() > 0) {
      lines.add(
          "%s  %s still while they are read, and come again"
              .formatted(
                  volume.name(),
                  now.busyFiles() == 1
                      ? "1 file does not hold"
                      : Shown.count(now.busyFiles()) + " files do not hold"));
    }
    if (now.problems() > 0) {
      lines.add(
          "%s  %s since the last pass; the agent's log names them"
              .formatted(volume.name(), Shown.count(now.problems(), "problem", "problems")));
    }
  }

  /** How changes are noticed; one line for all volumes where it is the same. */
  private void addWatching(List<String> lines) {
    var byMethod = new LinkedHashMap<String, List<VolumeStatus>>();
    for (VolumeStatus volume : status.volumes()) {
      volume
          .replication()
          .ifPresent(
              now -> byMethod.computeIfAbsent(method(now), _ -> new ArrayList<>()).add(volume));
    }
    byMethod.forEach((method, volumes) -> {
      long overflows =
          volumes.stream().mapToLong(volume -> overflows(volume.replication())).max().orElse(0);
      String of =
          byMethod.size() == 1
              ? ""
              : volumes.stream().map(VolumeStatus::name).collect(Collectors.joining(", ")) + ": ";
      lines.add(
          "Watching     %s%s, %s"
              .formatted(of, method, Shown.count(overflows, "overflow", "overflows")));
    });
  }

  private static String method(ReplicationStatus now) {
    String reason = Escaped.message(now.watcherReason());
    return reason.isEmpty() ? now.watcher() : "%s (%s)".formatted(now.watcher(), reason);
  }

  private static long overflows(Optional<ReplicationStatus> replication) {
    return replication.map(ReplicationStatus::overflows).orElse(0L);
  }

  private static void addOutcome(List<String> lines, PassReport pass) {
    lines.add(ReportText.line(pass));
    lines.addAll(ReportText.details(pass));
  }

  private String running(PassProgress pass) {
    var progress = new ProgressText(moments, OptionalLong.empty());
    return "%s   (pass #%d since %s)"
        .formatted(progress.line(pass), pass.pass(), moments.clock(pass.startedAt()));
  }

  private void addPeer(List<String> lines, PeerStatus peer) {
    if (status.peers().size() > 1) {
      lines.add("Target       " + connection(peer));
    }
    if (peer.connection() == Connection.CONNECTED) {
      lines.add(
          "Connection   TLS by %s, version %s"
              .formatted(Escaped.display(peer.tlsProvider()), Escaped.display(peer.version())));
    } else {
      String error = peer.lastError().map(Escaped::display).orElse("no connection yet");
      String retry =
          peer.retryAt().map(at -> "; next attempt " + moments.clockSeconds(at)).orElse("");
      lines.add("Connection   " + error + retry);
    }
    peer.certificateExpiresAt()
        .ifPresent(at -> lines.add("Certificate  until " + moments.full(at)));
    if (peer.clockSkew().abs().compareTo(SKEW_NOTED) >= 0) {
      lines.add(
          "Clock        of %s is %s %s"
              .formatted(
                  Escaped.display(peer.name()),
                  Shown.span(peer.clockSkew().abs()),
                  peer.clockSkew().isNegative() ? "behind" : "ahead"));
    }
  }
}
