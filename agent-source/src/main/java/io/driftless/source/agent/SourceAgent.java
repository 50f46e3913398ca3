package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.pace.Throttle;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.EntryInquiry;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeTotals;
import io.driftless.source.state.PassArchive;
import io.driftless.source.watch.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A running source agent: links to its targets, workers for its volumes. Thread-safe; owns what it
 * starts and the archive.
 */
public final class SourceAgent implements SourceControl, AutoCloseable {
  private final String name;
  private final PassArchive archive;
  private final Watcher watcher;
  private final Throttle throttle;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final BarrierDesk barriers;
  private volatile Map<String, TargetLink> links = Map.of();
  private volatile Map<String, VolumeWorker> workers = Map.of();

  /**
   * A target that the agent keeps a session with.
   *
   * @param address for people
   */
  public record Target(String name, String address, Dialer dialer) {}

  public SourceAgent(
      String name,
      PassArchive archive,
      Watcher watcher,
      Throttle throttle,
      InstantSource clock,
      RandomGenerator random) {
    this.name = name;
    this.archive = archive;
    this.watcher = watcher;
    this.throttle = throttle;
    this.clock = clock;
    this.random = random;
    this.barriers = new BarrierDesk(clock, throttle::isStopped);
  }

  /**
   * Takes up targets and volumes, connects, and gets ready for passes; while it runs, others than
   * before. What stays the same goes on undisturbed; what is gone or goes elsewhere is ended with
   * its running pass, which may take seconds. A volume with another filter takes it up with its
   * next pass.
   *
   * @throws IllegalArgumentException if a volume goes to an unknown target; nothing has changed
   *     then
   */
  public synchronized void configure(List<Target> targets, List<VolumeSettings> volumes)
      throws IOException {
    Map<String, TargetLink> wantedLinks = linksTo(targets);
    var wantedWorkers = new LinkedHashMap<String, VolumeWorker>();
    for (VolumeSettings volume : volumes) {
      wantedWorkers.put(volume.name(), workerFor(volume, wantedLinks.get(volume.target())));
    }
    replace(wantedLinks, wantedWorkers);
    for (VolumeSettings volume : volumes) {
      wantedWorkers.computeIfPresent(volume.name(), (_, worker) -> worker.become(volume));
    }
  }

  private Map<String, TargetLink> linksTo(List<Target> targets) {
    var wanted = new LinkedHashMap<String, TargetLink>();
    for (Target target : targets) {
      TargetLink known = links.get(target.name());
      wanted.put(
          target.name(),
          known != null && known.address().equals(target.address()) ? known : link(target));
    }
    return wanted;
  }

  private VolumeWorker workerFor(VolumeSettings volume, @Nullable TargetLink link) {
    if (link == null) {
      throw new IllegalArgumentException(
          "volume %s goes to target %s, which is not configured"
              .formatted(volume.name(), volume.target()));
    }
    VolumeWorker known = workers.get(volume.name());
    return known != null && known.canBecome(volume, link)
        ? known
        : new VolumeWorker(volume, link, archive, watcher, clock);
  }

  private TargetLink link(Target target) {
    return new TargetLink(target.name(), target.address(), target.dialer(), clock, random);
  }

  private void replace(Map<String, TargetLink> wantedLinks, Map<String, VolumeWorker> wantedWorkers)
      throws IOException {
    Map<String, TargetLink> linksBefore = links;
    Map<String, VolumeWorker> workersBefore = workers;
    workersBefore.values().stream()
        .filter(worker -> !wantedWorkers.containsValue(worker))
        .forEach(VolumeWorker::close);
    linksBefore.values().stream()
        .filter(link -> !wantedLinks.containsValue(link))
        .forEach(TargetLink::close);
    links = wantedLinks;
    workers = wantedWorkers;
    for (VolumeWorker worker : wantedWorkers.values()) {
      if (!workersBefore.containsValue(worker)) {
        worker.start();
      }
    }
    wantedLinks.values().stream()
        .filter(link -> !linksBefore.containsValue(link))
        .forEach(TargetLink::start);
  }

  @Override
  public String agentName() {
    return name;
  }

  @Override
  public Throttle throttle() {
    return throttle;
  }

  @Override
  public List<VolumeStatus> volumes() {
    return workers.values().stream().map(VolumeWorker::status).toList();
  }

  @Override
  public List<PeerStatus> peers() {
    return links.values().stream().map(TargetLink::status).toList();
  }

  @Override
  public Map<String, VolumeTotals> totals() {
    var totals = new LinkedHashMap<String, VolumeTotals>();
    workers.values().forEach(worker -> totals.put(worker.name(), worker.totals()));
    return totals;
  }

  @Override
  public long requestPass(String volume, PassRequest request) throws UnknownVolumeException {
    return worker(volume).request(request);
  }

  @Override
  public Optional<PassProgress> pass(String volume, long pass) throws UnknownVolumeException {
    return read(volume, worker -> worker.progress(pass));
  }

  @Override
  public void awaitEnd(String volume, long pass, Duration atMost)
      throws UnknownVolumeException, InterruptedException {
    worker(volume).awaitEnd(pass, atMost);
  }

  @Override
  public boolean cancel(String volume) throws UnknownVolumeException {
    return worker(volume).cancel();
  }

  @Override
  public boolean pause(String volume, Instant until) throws UnknownVolumeException {
    return read(volume, worker -> worker.pause(until));
  }

  @Override
  public boolean resume(String volume) throws UnknownVolumeException {
    return worker(volume).resume();
  }

  @Override
  public long barrier(List<String> volumes, Duration timeout) throws UnknownVolumeException {
    var named = new LinkedHashMap<String, VolumeWorker>();
    for (String volume : volumes) {
      named.put(volume, worker(volume));
    }
    return barriers.open(List.copyOf(named.values()), timeout);
  }

  @Override
  public Optional<BarrierStatus> barrier(long number) {
    return barriers.find(number);
  }

  @Override
  public boolean giveUpBarrier(long number) {
    return barriers.giveUp(number);
  }

  @Override
  public List<PassReport> history(String volume, int atMost) throws UnknownVolumeException {
    return read(volume, worker -> worker.history(atMost));
  }

  @Override
  public List<Problem> problems(String volume, long offset, int atMost)
      throws UnknownVolumeException {
    return read(volume, worker -> worker.problems(offset, atMost));
  }

  @Override
  public List<NumberedDifference> differences(String volume, long pass, long after, int atMost)
      throws UnknownVolumeException {
    return read(volume, worker -> worker.differences(pass, after, atMost));
  }

  @Override
  public long explain(String volume, EntryInquiry.Question question) throws UnknownVolumeException {
    return worker(volume).explain(question);
  }

  @Override
  public Optional<Inquiry> explanation(String volume, long number) throws UnknownVolumeException {
    return worker(volume).explanation(number);
  }

  private interface Reading<T> {
    T from(VolumeWorker worker) throws IOException;
  }

  private <T> T read(String volume, Reading<T> reading) throws UnknownVolumeException {
    try {
      return reading.from(worker(volume));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private VolumeWorker worker(String volume) throws UnknownVolumeException {
    VolumeWorker worker = workers.get(volume);
    if (worker == null) {
      throw new UnknownVolumeException(volume);
    }
    return worker;
  }

  /** Ends running passes, closes the sessions and the archive. */
  @Override
  public void close() throws IOException {
    barriers.close();
    workers.values().forEach(VolumeWorker::close);
    links.values().forEach(TargetLink::close);
    watcher.close();
    archive.close();
  }
}
