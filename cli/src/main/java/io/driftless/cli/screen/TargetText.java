package io.driftless.cli.screen;

import io.driftless.cli.json.StatusJson.Status;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.TargetControl.AgentStatus;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The status of a target, and the list of its agents. */
public final class TargetText {
  private static final String NONE = "-";
  private static final Set<String> NEED_YOU = Set.of("held", "blocked", "error");

  private TargetText() {}

  public static List<String> lines(Status.OfTarget status, Moments moments) {
    var lines = new ArrayList<String>();
    lines.add(first(status));
    if (!status.volumes().isEmpty()) {
      lines.addAll(table(status, moments));
      status.volumes().forEach(volume -> addRemarks(lines, volume, moments));
    }
    status.agents().forEach(agent -> addRival(lines, agent, moments));
    return lines;
  }

  private static String first(Status.OfTarget status) {
    long connected = status.agents().stream().filter(AgentStatus::connected).count();
    return "%s (target, %s) on %s, %d of %s connected   %s"
        .formatted(
            status.envelope().agent(),
            status.envelope().version(),
            status.listen(),
            connected,
            Shown.count(status.agents().size(), "agent", "agents"),
            verdict(status));
  }

  private static String verdict(Status.OfTarget status) {
    long waiting = count(status, NEED_YOU);
    String all = Shown.count(status.volumes().size(), "volume", "volumes");
    if (waiting > 0) {
      return "%d of %s %s you".formatted(waiting, all, waiting == 1 ? "needs" : "need");
    }
    if (status.agents().stream().anyMatch(agent -> agent.rival().isPresent())) {
      return "an agent needs you";
    }
    long released = count(status, Set.of("released"));
    return released == 0 ? "all well" : "%d of %s released".formatted(released, all);
  }

  private static long count(Status.OfTarget status, Set<String> states) {
    return status.volumes().stream().filter(volume -> states.contains(volume.state())).count();
  }

  private static List<String> table(Status.OfTarget status, Moments moments) {
    var table =
        new Table(
            List.of("VOLUME", "STATE", "AGENT", "DURABLE", "PROBLEMS", "FREE", "INODES", "ROOT"),
            Set.of("PROBLEMS", "FREE", "INODES"));
    for (ReplicaStatus volume : status.volumes()) {
      table.row(
          volume.name(),
          volume.state(),
          volume.agent().map(Escaped::display).orElse(NONE),
          volume.durableAt().map(moments::day).orElse(NONE),
          Shown.count(volume.problems()),
          volume.freeBytes() < 0 ? NONE : Shown.bytes(volume.freeBytes()),
          volume.freeInodes() < 0 ? NONE : Shown.brief(volume.freeInodes()),
          Escaped.display(volume.root()));
    }
    return table.lines();
  }

  private static void addRemarks(List<String> lines, ReplicaStatus volume, Moments moments) {
    if (!volume.reason().isEmpty()) {
      lines.add(
          "%s  %s since %s: %s"
              .formatted(
                  volume.name(),
                  volume.state(),
                  moments.clock(volume.since()),
                  Escaped.message(volume.reason())));
    }
    if (!volume.next().isEmpty()) {
      lines.add("      next:      " + Escaped.message(volume.next()));
    }
  }

  private static void addRival(List<String> lines, AgentStatus agent, Moments moments) {
    agent
        .rival()
        .ifPresent(rival -> {
          lines.add(
              "%s  cloned-identity since %s: another process with its identity was sent away %s, last at %s, from %s"
                  .formatted(
                      Escaped.display(agent.name()),
                      moments.clock(rival.first()),
                      Shown.count(rival.attempts(), "time", "times"),
                      moments.clock(rival.last()),
                      Escaped.display(rival.lastAddress())));
          lines.add(
              "      next:      stop one of the two; if its host was copied, give the copy a home of its own and invite it");
        });
  }

  /** The agents on the list. */
  public static List<String> agents(List<AgentStatus> agents, Moments moments) {
    if (agents.isEmpty()) {
      return List.of("no agents yet; driftless target invite makes a token for one");
    }
    var table =
        new Table(
            List.of("AGENT", "VOLUMES", "CONNECTION", "LAST SEEN", "CERTIFICATE UNTIL", "ID"),
            Set.of());
    for (AgentStatus agent : agents) {
      table.row(
          Escaped.display(agent.name()),
          agent.volumes().isEmpty() ? NONE : String.join(",", agent.volumes()),
          agent.connected() ? agent.address().map(Escaped::display).orElse("connected") : "none",
          agent.lastSeen().map(moments::day).orElse(NONE),
          agent.certificateExpiresAt().map(moments::full).orElse(NONE),
          agent.id());
    }
    return table.lines();
  }
}
