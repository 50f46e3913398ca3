package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.message.EnrolmentMessage.Challenge;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import java.io.IOException;

/** Where a target gives out certificates. Thread-safe. */
public interface EnrolmentDesk {
  /** One at which nobody gets anything: where all identities are there from the beginning. */
  EnrolmentDesk CLOSED =
      new EnrolmentDesk() {
        @Override
        public Visit visit() {
          throw new IllegalStateException("nobody can join");
        }

        @Override
        public Issued renew(PeerIdentity peer, Renew request) throws IOException {
          throw new IOException("nothing is renewed");
        }
      };

  /** Begins with an agent that wants to join. On an event loop: doesn't block. */
  Visit visit();

  /**
   * Answers an agent that is on the list. May block.
   *
   * @throws io.driftless.protocol.identity.RefusedException what to tell it
   */
  Issued renew(PeerIdentity peer, Renew request) throws IOException;

  /** One agent that wants to join, once. */
  interface Visit {
    Challenge challenge();

    /**
     * Answers its request. May block.
     *
     * @throws io.driftless.protocol.identity.RefusedException what to tell it
     */
    Issued enrol(Enrol request) throws IOException;
  }
}
