package io.driftless.target.session;

import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantUnlessSame;
import io.driftless.protocol.wire.Conversation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what is to be asked of a slice's entries into few messages. Thread-safe; its lock is only
 * taken after that of {@link ContentRequests}, never before.
 */
final class Question implements ContentRequests.Asker {
  private static final int INDICES_MAX = 512;
  private static final long COST_MAX = 1 << 20;

  private final long slice;
  private final Conversation conversation;
  private final ContentRequests requests;
  private final Map<Integer, Long> unasked = new LinkedHashMap<>();
  private final Map<Integer, Held> held = new HashMap<>();
  private List<Integer> batch = List.of();
  private boolean queued;

  Question(long slice, Conversation conversation, ContentRequests requests) {
    this.slice = slice;
    this.conversation = conversation;
    this.requests = requests;
  }

  /** Adds an entry; {@link #flush} follows. */
  synchronized void add(int index, long cost) {
    unasked.put(index, cost);
  }

  /** Adds an entry that is to come only if it hasn't the content that is here. */
  synchronized void add(Held content, long cost) {
    held.put(content.index(), content);
    unasked.put(content.index(), cost);
  }

  /** Has everything asked as soon as the window allows. */
  void flush() {
    synchronized (this) {
      if (queued || unasked.isEmpty()) {
        return;
      }
      queued = true;
    }
    requests.queue(this);
  }

  /** Chooses what to ask next. */
  @Override
  public synchronized long cost() {
    var chosen = new ArrayList<Integer>();
    long cost = 0;
    for (Map.Entry<Integer, Long> entry : unasked.entrySet()) {
      if (chosen.size() == INDICES_MAX || cost > 0 && cost + entry.getValue() > COST_MAX) {
        break;
      }
      chosen.add(entry.getKey());
      cost += entry.getValue();
    }
    batch = chosen;
    return cost;
  }

  @Override
  public void ask() {
    boolean more;
    synchronized (this) {
      send();
      batch.forEach(unasked::remove);
      batch = List.of();
      more = !unasked.isEmpty();
      queued = more;
    }
    if (more) {
      requests.queue(this);
    }
  }

  private void send() {
    var plain = new ArrayList<Integer>();
    var compared = new ArrayList<Held>();
    for (int index : batch) {
      Held content = held.remove(index);
      if (content == null) {
        plain.add(index);
      } else {
        compared.add(content);
      }
    }
    if (!plain.isEmpty()) {
      conversation.send(new Want(slice, List.copyOf(plain)));
    }
    if (!compared.isEmpty()) {
      conversation.send(new WantUnlessSame(slice, List.copyOf(compared)));
    }
  }
}
