package io.driftless.source.send;

import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.wire.Conversation;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers offers until there are enough of them, or nothing else is to be done. The first batches
 * are small: what the target lacks is better known soon, since it need not be compared.
 * Thread-safe.
 */
public final class OfferBatch {
  private static final int OFFERS_MAX = 256;
  private static final int BYTES_MAX = 128 * 1024;

  private final Conversation conversation;
  private List<Offer> gathered = new ArrayList<>();
  private int bytes;
  private int enough = 1;

  public OfferBatch(Conversation conversation) {
    this.conversation = conversation;
  }

  /** Appends an offer; a directory's before those of what lies in it. */
  public synchronized void add(Offer offer) {
    gathered.add(offer);
    bytes += offer.directory().length();
    if (gathered.size() >= enough || bytes >= BYTES_MAX) {
      flush();
      enough = Math.min(OFFERS_MAX, enough * 2);
    }
  }

  /** Sends what has gathered; to be called before waiting for the target. */
  public synchronized void flush() {
    if (!gathered.isEmpty()) {
      conversation.send(new Offers(List.copyOf(gathered)));
      gathered = new ArrayList<>();
      bytes = 0;
    }
  }
}
