package io.driftless.protocol.wire;

import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.wire.SessionEnd.Cause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a target has accepted: one per agent. Decides what a second one means.
 * Thread-safe, never blocks.
 */
final class LiveSessions {
  /** What becomes of an agent that wants a session; one of these is called, once. */
  interface Verdict {
    /** It may have one: {@link LiveSessions#enter} or {@link LiveSessions#giveUp} must follow. */
    void welcome();

    /** Another process of the same agent is alive. */
    void cloned();

    /** Another request of the agent is being decided. */
    void busy();
  }

  private record Entry(LaneSession session, UUID instance) {}

  private final Map<AgentId, Entry> entries = new HashMap<>();
  private final Set<AgentId> undecided = new HashSet<>();

  /** Asks for a session of an agent's process. */
  void request(AgentId agent, UUID instance, Verdict verdict) {
    Entry old;
    synchronized (this) {
      if (!undecided.add(agent)) {
        verdict.busy();
        return;
      }
      old = entries.get(agent);
    }
    if (old == null) {
      verdict.welcome();
    } else if (old.instance().equals(instance)) {
      fence(old.session(), verdict);
    } else {
      challenge(old.session(), agent, verdict);
    }
  }

  private static void fence(LaneSession old, Verdict verdict) {
    old.end(
        new SessionEnd(Cause.BROKEN, "fenced", "a newer session of the same agent took over", ""));
    old.settled().whenComplete((_, _) -> verdict.welcome());
  }

  private void challenge(LaneSession old, AgentId agent, Verdict verdict) {
    old.probe()
        .whenComplete((isAlive, _) -> {
          if (Boolean.TRUE.equals(isAlive)) {
            giveUp(agent);
            verdict.cloned();
          } else {
            fence(old, verdict);
          }
        });
  }

  /** A session stands for the agent that was welcome. */
  synchronized void enter(AgentId agent, UUID instance, LaneSession session) {
    undecided.remove(agent);
    entries.put(agent, new Entry(session, instance));
  }

  /** The agent that was welcome has left. */
  synchronized void giveUp(AgentId agent) {
    undecided.remove(agent);
  }

  synchronized void remove(LaneSession session) {
    Entry entry = entries.get(session.peer().id());
    if (entry != null && entry.session() == session) {
      entries.remove(session.peer().id());
    }
  }

  /** The open session of an agent's process with this id. */
  synchronized @Nullable LaneSession find(AgentId agent, UUID instance, UUID session) {
    Entry entry = entries.get(agent);
    return entry != null
            && entry.instance().equals(instance)
            && entry.session().id().equals(session)
            && entry.session().isOpen()
        ? entry.session()
        : null;
  }

  synchronized @Nullable LaneSession find(AgentId agent) {
    Entry entry = entries.get(agent);
    return entry == null ? null : entry.session();
  }

  synchronized List<LaneSession> all() {
    return entries.values().stream().map(Entry::session).toList();
  }
}
