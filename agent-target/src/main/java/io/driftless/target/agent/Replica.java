package io.driftless.target.agent;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.target.state.VolumeLedger.VolumeFacts;
import java.io.IOException;
import java.util.Optional;

/** A volume that is open for its source: hears the conversation and does the work. */
public interface Replica extends ConversationListener {
  Windows windows();

  Room room() throws IOException;

  /** Why it can't go on just now, while it waits for room. */
  Optional<String> blocked();

  /** Ends all staging and applying; when this returns, nothing more is written. Idempotent. */
  void fence() throws InterruptedException;

  /** Hears of the passes of a replica, on its threads. */
  interface Observer {
    void passBegan(BeginPass pass);

    void problems(long more);

    void passEnded(BeginPass pass, PassResult result);
  }

  /** Opens volumes. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the root, cleans up after a killed predecessor, and starts the threads.
     *
     * @throws IOException if the root can't be used; one line
     */
    Replica open(
        ReplicaSettings settings,
        VolumeFacts facts,
        OpenVolume opening,
        Conversation conversation,
        Observer observer)
        throws IOException;
  }
}
