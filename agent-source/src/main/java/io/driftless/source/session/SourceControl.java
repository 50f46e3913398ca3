package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.pace.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be asked of a running source agent. Thread-safe; nothing here waits for the network. */
public interface SourceControl {
  String agentName();

  List<VolumeStatus> volumes();

  /** What it may use up. */
  Throttle throttle();

  List<PeerStatus> peers();

  /** What was done for each volume, by name, since the agent started. */
  Map<String, VolumeTotals> totals();

  /**
   * Asks for a pass that begins after this call. While another pass runs, the next one is queued;
   * several requests that want the same share it.
   *
   * @return number of the pass
   * @throws UnknownVolumeException if there is no such volume
   */
  long requestPass(String volume, PassRequest request) throws UnknownVolumeException;

  /** A pass that is queued, runs, or ended lately. */
  Optional<PassProgress> pass(String volume, long pass) throws UnknownVolumeException;

  /** Waits for the end of a pass, but no longer than that; not for one that is not known. */
  void awaitEnd(String volume, long pass, Duration atMost)
      throws UnknownVolumeException, InterruptedException;

  /** Cancels the running pass and those queued; returns whether there was one. */
  boolean cancel(String volume) throws UnknownVolumeException;

  /**
   * Stops shipping, and passes that nobody asked for; changes are still noticed. Holds across a
   * restart of the agent.
   *
   * @param until {@link Instant#MAX} for until it is resumed
   * @return false if the target of the volume doesn't follow by itself: there is nothing to pause
   */
  boolean pause(String volume, Instant until) throws UnknownVolumeException;

  /** Lets a paused volume go on at once; returns whether it was paused. */
  boolean resume(String volume) throws UnknownVolumeException;

  /**
   * Begins to prove that everything from before this call is on the targets of these volumes, one
   * moment for all of them.
   *
   * @return number of the barrier
   * @throws IllegalStateException if too many wait
   */
  long barrier(List<String> volumes, Duration timeout) throws UnknownVolumeException;

  /** How far a barrier has come; empty if it is unknown, or long over. */
  Optional<BarrierStatus> barrier(long number);

  /** Waits for a barrier no longer; returns whether it was waited for. */
  boolean giveUpBarrier(long number);

  /** Finished passes, the newest first. */
  List<PassReport> history(String volume, int atMost) throws UnknownVolumeException;

  /** Problems of the last pass in the order of their paths. */
  List<Problem> problems(String volume, long offset, int atMost) throws UnknownVolumeException;

  /**
   * What a pass told of entries, in the order of their paths.
   *
   * @param after number of the last one that is known already, 0 to begin
   */
  List<NumberedDifference> differences(String volume, long pass, long after, int atMost)
      throws UnknownVolumeException;

  /**
   * Asks how one entry stands on both sides. While a pass runs, the question waits for its end.
   *
   * @return number of the question
   * @throws IllegalStateException if too many questions wait
   */
  long explain(String volume, EntryInquiry.Question question) throws UnknownVolumeException;

  /** How far a question has come; empty if it is unknown, or long answered. */
  Optional<Inquiry> explanation(String volume, long number) throws UnknownVolumeException;

  /** There is no volume of this name. */
  final class UnknownVolumeException extends Exception {
    private static final long serialVersionUID = 1;

    public UnknownVolumeException(String volume) {
      super("no volume is called " + volume);
    }
  }
}
