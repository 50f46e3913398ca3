package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.state.PassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A running source agent: links to its targets, workers for its volumes. Thread-safe; owns what it
 * starts and the archive.
 */
public final class SourceAgent implements SourceControl, AutoCloseable {
  private final String name;
  private final PassArchive archive;
  private final Map<String, TargetLink> links = new LinkedHashMap<>();
  private final Map<String, VolumeWorker> workers = new LinkedHashMap<>();

  /**
   * A target that the agent keeps a session with.
   *
   * @param address for people
   */
  public record Target(String name, String address, Dialer dialer) {}

  public SourceAgent(
      String name,
      List<Target> targets,
      List<VolumeSettings> volumes,
      PassArchive archive,
      InstantSource clock,
      RandomGenerator random) {
    this.name = name;
    this.archive = archive;
    for (Target target : targets) {
      links.put(
          target.name(),
          new TargetLink(target.name(), target.address(), target.dialer(), clock, random));
    }
    for (VolumeSettings volume : volumes) {
      TargetLink link = links.get(volume.target());
      if (link == null) {
        throw new IllegalArgumentException(
            "volume %s goes to target %s, which is not configured"
                .formatted(volume.name(), volume.target()));
      }
      workers.put(volume.name(), new VolumeWorker(volume, link, archive, clock));
    }
  }

  /** Connects and gets ready for passes. */
  public void start() throws IOException {
    for (VolumeWorker worker : workers.values()) {
      worker.start();
    }
    links.values().forEach(TargetLink::start);
  }

  @Override
  public String agentName() {
    return name;
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
  public long requestPass(String volume, PassRequest request) throws UnknownVolumeException {
    return worker(volume).request(request);
  }

  @Override
  public Optional<PassProgress> pass(String volume, long pass) throws UnknownVolumeException {
    return read(volume, worker -> worker.progress(pass));
  }

  @Override
  public boolean cancel(String volume) throws UnknownVolumeException {
    return worker(volume).cancel();
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
    workers.values().forEach(VolumeWorker::close);
    links.values().forEach(TargetLink::close);
    archive.close();
  }
}
