package io.driftless.source.session;

import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.report.Findings;
import io.driftless.source.send.ViolationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes findings from all threads of a pass without letting them wait, and hands them on in batches
 * from one. Thread-safe.
 */
final class FindingsRelay implements Findings {
  /** Far more than gather between two deliveries, unless the target floods us with them. */
  private static final int WAITING_MAX = 1 << 20;

  private final PassFindings receiver;
  private final Runnable arrival;
  private List<Problem> problems = new ArrayList<>();
  private List<Notice> notices = new ArrayList<>();
  private List<Differences> differences = new ArrayList<>();
  private int undelivered;
  private long problemCount;

  /**
   * An empty relay.
   *
   * @param arrival told whenever there is something to deliver
   */
  FindingsRelay(PassFindings receiver, Runnable arrival) {
    this.receiver = receiver;
    this.arrival = arrival;
  }

  @Override
  public void problem(Problem problem) {
    synchronized (this) {
      requireRoom(problems);
      problems.add(problem);
      problemCount++;
    }
    arrival.run();
  }

  @Override
  public void notice(Notice notice) {
    synchronized (this) {
      requireRoom(notices);
      notices.add(notice);
    }
    arrival.run();
  }

  /** Takes up what differs; the target waits until it has been delivered. */
  void differences(Differences message) {
    synchronized (this) {
      if (differences.size() + undelivered >= Differences.OUTSTANDING_MAX) {
        throw new ViolationException(
            "more than %d messages of differences at a time"
                .formatted(Differences.OUTSTANDING_MAX));
      }
      differences.add(message);
    }
    arrival.run();
  }

  private static void requireRoom(List<?> waiting) {
    if (waiting.size() >= WAITING_MAX) {
      throw new ViolationException("more than %d findings at a time".formatted(WAITING_MAX));
    }
  }

  synchronized boolean isWaiting() {
    return !problems.isEmpty() || !notices.isEmpty() || !differences.isEmpty();
  }

  synchronized long problemCount() {
    return problemCount;
  }

  /**
   * Hands on what has gathered.
   *
   * @param taken run for each message of differences that was handed on
   */
  void deliver(Runnable taken) {
    List<Problem> newProblems;
    List<Notice> newNotices;
    List<Differences> newDifferences;
    synchronized (this) {
      newDifferences = differences;
      differences = new ArrayList<>();
      undelivered = newDifferences.size();
      newProblems = problems;
      newNotices = notices;
      problems = new ArrayList<>();
      notices = new ArrayList<>();
    }
    if (!newProblems.isEmpty()) {
      receiver.problems(newProblems);
    }
    if (!newNotices.isEmpty()) {
      receiver.notices(newNotices);
    }
    for (Differences each : newDifferences) {
      receiver.differences(each.differences());
      synchronized (this) {
        undelivered--;
      }
      taken.run();
    }
  }
}
