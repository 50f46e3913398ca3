package io.driftless.cli.command;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.pace.Throttle;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.EntryInquiry.Question;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.source.session.VolumeTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A source whose passes go as the test has laid down: one step for each time that it is asked. */
public final class FakeSource implements SourceControl {
  final Throttle throttle = Throttle.open();

  private final List<String> names;
  private final Map<String, List<PassProgress>> scripts = new HashMap<>();
  private final Map<String, Integer> steps = new HashMap<>();
  private final Map<String, List<PassReport>> histories = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<PassRequest> requests = new ArrayList<>();
  private List<PeerStatus> peers = List.of(Samples.connected());
  private final Semaphore waiters = new Semaphore(0);
  private volatile CountDownLatch end = new CountDownLatch(0);
  private final Map<String, Replication> replications = new HashMap<>();
  private final Map<String, VolumeTotals> totals = new HashMap<>();
  private final Map<String, Instant> pauses = new HashMap<>();
  private final List<BarrierStatus> barriers = new ArrayList<>();
  private final List<String> inBarrier = new ArrayList<>();
  private boolean givenUp;
  private boolean cancelled;

  public FakeSource(String... names) {
    this.names = List.of(names);
  }

  private final List<Difference> differences = new ArrayList<>();
  private final List<Question> questions = new ArrayList<>();
  private final List<Inquiry> inquiries = new ArrayList<>();

  synchronized void script(String volume, PassProgress... steps) {
    scripts.put(volume, List.of(steps));
  }

  public synchronized void finished(PassReport report) {
    histories.computeIfAbsent(report.volume(), _ -> new ArrayList<>()).addFirst(report);
  }

  synchronized void problems(List<Problem> all) {
    problems.addAll(all);
  }

  synchronized void peers(PeerStatus... all) {
    peers = List.of(all);
  }

  synchronized List<PassRequest> requests() {
    return List.copyOf(requests);
  }

  synchronized boolean wasCancelled() {
    return cancelled;
  }

  @Override
  public Throttle throttle() {
    return throttle;
  }

  @Override
  public String agentName() {
    return "web1";
  }

  @Override
  public synchronized List<VolumeStatus> volumes() {
    return names.stream().map(this::volume).toList();
  }

  private VolumeStatus volume(String name) {
    List<PassReport> history = histories.getOrDefault(name, List.of());
    Optional<PassReport> last =
        history.stream().filter(pass -> pass.purpose() == Purpose.SYNC).findFirst();
    Optional<PassReport> verified =
        history.stream().filter(pass -> pass.purpose().isVerification()).findFirst();
    return replications.getOrDefault(name, Replication.OFF).status(name, last, verified);
  }

  /** How a volume follows, as the test has laid it down. */
  public record Replication(
      State state, String reason, String next, Optional<ReplicationStatus> detail) {
    static final Replication OFF = new Replication(State.NEW, "", "", Optional.empty());

    private VolumeStatus status(
        String name, Optional<PassReport> last, Optional<PassReport> verified) {
      return new VolumeStatus(
          name,
          "/srv/" + name,
          "newhoster",
          this == OFF && last.isPresent() ? State.PASSING : state,
          reason,
          Samples.NOW.minusSeconds(3600),
          next,
          Optional.empty(),
          last,
          verified,
          detail);
    }
  }

  /** A volume that is followed, so far behind. */
  public static Replication following(Duration lag) {
    return new Replication(
        State.REPLICATING,
        "",
        "",
        Optional.of(
            new ReplicationStatus(
                Optional.of(lag), 0, 0, 0, "fanotify", "", 0, Optional.empty(), Optional.empty())));
  }

  public synchronized void replicates(String volume, Replication replication) {
    replications.put(volume, replication);
  }

  public synchronized Map<String, Instant> pauses() {
    return Map.copyOf(pauses);
  }

  @Override
  public synchronized boolean pause(String volume, Instant until) throws UnknownVolumeException {
    requireKnown(volume);
    pauses.put(volume, until);
    return replications.containsKey(volume);
  }

  /** What a barrier answers, one step for each time that it is asked. */
  synchronized void barriers(BarrierStatus... steps) {
    barriers.addAll(List.of(steps));
  }

  synchronized List<String> inBarrier() {
    return List.copyOf(inBarrier);
  }

  synchronized boolean wasGivenUp() {
    return givenUp;
  }

  @Override
  public synchronized long barrier(List<String> volumes, Duration timeout)
      throws UnknownVolumeException {
    for (String volume : volumes) {
      requireKnown(volume);
    }
    inBarrier.addAll(volumes);
    return 3;
  }

  @Override
  public synchronized Optional<BarrierStatus> barrier(long number) {
    if (number != 3 || barriers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(barriers.size() > 1 ? barriers.removeFirst() : barriers.getFirst());
  }

  @Override
  public synchronized boolean giveUpBarrier(long number) {
    givenUp = true;
    return number == 3;
  }

  @Override
  public synchronized boolean resume(String volume) throws UnknownVolumeException {
    requireKnown(volume);
    return pauses.remove(volume) != null;
  }

  @Override
  public synchronized List<PeerStatus> peers() {
    return peers;
  }

  public synchronized void total(String volume, VolumeTotals total) {
    totals.put(volume, total);
  }

  @Override
  public synchronized Map<String, VolumeTotals> totals() {
    return Map.copyOf(totals);
  }

  @Override
  public synchronized long requestPass(String volume, PassRequest request)
      throws UnknownVolumeException {
    requireKnown(volume);
    requests.add(request);
    return 7;
  }

  @Override
  public synchronized Optional<PassProgress> pass(String volume, long pass)
      throws UnknownVolumeException {
    requireKnown(volume);
    List<PassProgress> script = scripts.getOrDefault(volume, List.of());
    if (script.isEmpty() || pass != script.getFirst().pass()) {
      return Optional.empty();
    }
    int step = steps.merge(volume, 1, Integer::sum) - 1;
    return Optional.of(script.get(Math.min(step, script.size() - 1)));
  }

  @Override
  public void awaitEnd(String volume, long pass, Duration atMost) throws InterruptedException {
    waiters.release();
    var _ = end.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Passes go on until then; without it whoever waits for one is answered at once. */
  public void endsWith(CountDownLatch latch) {
    end = latch;
  }

  /** Waits until somebody waits for the end of a pass. */
  public void awaitWaiter() throws InterruptedException {
    waiters.acquire();
  }

  @Override
  public synchronized boolean cancel(String volume) throws UnknownVolumeException {
    requireKnown(volume);
    cancelled = true;
    return scripts.containsKey(volume);
  }

  @Override
  public synchronized List<PassReport> history(String volume, int atMost)
      throws UnknownVolumeException {
    requireKnown(volume);
    return histories.getOrDefault(volume, List.of()).stream().limit(atMost).toList();
  }

  @Override
  public synchronized List<Problem> problems(String volume, long offset, int atMost)
      throws UnknownVolumeException {
    requireKnown(volume);
    return problems.stream().skip(offset).limit(atMost).toList();
  }

  synchronized void differences(List<Difference> all) {
    differences.addAll(all);
  }

  @Override
  public synchronized List<NumberedDifference> differences(
      String volume, long pass, long after, int atMost) throws UnknownVolumeException {
    requireKnown(volume);
    var page = new ArrayList<NumberedDifference>();
    for (int i = (int) after; i < differences.size() && page.size() < atMost; i++) {
      page.add(new NumberedDifference(i + 1, differences.get(i)));
    }
    return page;
  }

  synchronized void explained(Inquiry... steps) {
    inquiries.addAll(List.of(steps));
  }

  synchronized List<Question> questions() {
    return List.copyOf(questions);
  }

  @Override
  public synchronized long explain(String volume, Question question) throws UnknownVolumeException {
    requireKnown(volume);
    questions.add(question);
    return questions.size();
  }

  @Override
  public synchronized Optional<Inquiry> explanation(String volume, long number)
      throws UnknownVolumeException {
    requireKnown(volume);
    if (number != questions.size() || inquiries.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(inquiries.size() > 1 ? inquiries.removeFirst() : inquiries.getFirst());
  }

  private void requireKnown(String volume) throws UnknownVolumeException {
    if (!names.contains(volume)) {
      throw new UnknownVolumeException(volume);
    }
  }
}
