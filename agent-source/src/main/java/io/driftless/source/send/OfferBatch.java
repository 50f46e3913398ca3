package io.driftless.source.send;

import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.wire.Conversation;
import java.util.ArrayList;
import java.util.List;

/** Gathers offers until there are enough of them, or nothing else is to be done. Thread-safe. */
public final class OfferBatch {
  private static final int FLUSH_OFFERS = 256;

  private final Conversation conversation;
  private List<Offer> gathered = new ArrayList<>();

  public OfferBatch(Conversation conversation) {
    this.conversation = conversation;
  }

  /** Appends an offer; a directory's before those of what lies in it. */
  public synchronized void add(Offer offer) {
    gathered.add(offer);
    if (gathered.size() >= FLUSH_OFFERS) {
      flush();
    }
  }

  /** Sends what has gathered; to be called before waiting for the target. */
  public synchronized void flush() {
    if (!gathered.isEmpty()) {
      conversation.send(new Offers(List.copyOf(gathered)));
      gathered = new ArrayList<>();
    }
  }
}
