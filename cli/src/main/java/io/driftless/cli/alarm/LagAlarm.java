package io.driftless.cli.alarm;

import io.driftless.cli.alarm.Notice.Change;
import io.driftless.cli.config.AlarmConfig;
import io.driftless.cli.quantity.Shown;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at how far volumes are behind, and tells when one crosses the limit, and when it has fallen
 * below half of it: once for each crossing. Of a volume no two programs run at a time; what changes
 * back and forth meanwhile is told of by its outcome. Thread-safe.
 */
public final class LagAlarm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LagAlarm.class);
  private static final Duration LOOKS_APART = Duration.ofSeconds(1);

  private final String agent;
  private final Supplier<List<VolumeStatus>> volumes;
  private final Teller teller;
  private final Thread thread = Thread.ofVirtual().name("lag-alarm").unstarted(this::watch);

  // Both guarded by this.
  private Optional<AlarmConfig> config = Optional.empty();
  private final Map<String, Bell> bells = new HashMap<>();

  /** Gets word out. */
  @FunctionalInterface
  public interface Teller {
    void tell(List<String> run, Notice notice) throws InterruptedException;
  }

  /** How one volume stands. */
  private static final class Bell {
    boolean isRaised;
    boolean wasTold;
    boolean isTelling;
  }

  public LagAlarm(String agent, Supplier<List<VolumeStatus>> volumes, Teller teller) {
    this.agent = agent;
    this.volumes = volumes;
    this.teller = teller;
  }

  public void start() {
    thread.start();
  }

  /** Takes up another limit, or none. */
  public synchronized void become(Optional<AlarmConfig> wanted) {
    config = wanted;
    if (wanted.isEmpty()) {
      bells.clear();
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOKS_APART);
        if (isOn()) {
          lookAnyhow();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookAnyhow() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("the lag could not be looked at", e);
    }
  }

  private synchronized boolean isOn() {
    return config.isPresent();
  }

  /** Looks once. */
  void look() {
    List<VolumeStatus> now = volumes.get();
    synchronized (this) {
      config.ifPresent(limit -> now.forEach(volume -> look(volume, limit)));
      List<String> names = now.stream().map(VolumeStatus::name).toList();
      bells
          .entrySet()
          .removeIf(bell -> !bell.getValue().isTelling && !names.contains(bell.getKey()));
    }
  }

  private void look(VolumeStatus volume, AlarmConfig limit) {
    Bell bell = bells.computeIfAbsent(volume.name(), _ -> new Bell());
    Optional<Duration> lag = volume.replication().flatMap(ReplicationStatus::lag);
    if (volume.replication().isEmpty()) {
      bell.isRaised = false;
    } else if (lag.isPresent()) {
      Duration fallen = limit.lag().dividedBy(2);
      bell.isRaised = lag.get().compareTo(bell.isRaised ? fallen : limit.lag()) > 0;
    }
    if (bell.isRaised != bell.wasTold && !bell.isTelling) {
      bell.wasTold = bell.isRaised;
      tell(
          bell,
          limit,
          new Notice(
              agent,
              volume.name(),
              bell.isRaised ? Change.RAISED : Change.CLEARED,
              lag.orElse(Duration.ZERO),
              volume.state()));
    }
  }

  private void tell(Bell bell, AlarmConfig limit, Notice notice) {
    switch (notice.change()) {
      case RAISED ->
          LOG.warn(
              "{} lags {}, more than {}",
              notice.volume(),
              Shown.span(notice.lag()),
              Shown.span(limit.lag()));
      case CLEARED -> LOG.info("{} lags {} again", notice.volume(), Shown.span(notice.lag()));
    }
    if (limit.run().isEmpty()) {
      return;
    }
    bell.isTelling = true;
    Thread.ofVirtual()
        .name("alarm-" + notice.volume())
        .start(() -> tell(bell, limit.run(), notice));
  }

  private void tell(Bell bell, List<String> run, Notice notice) {
    try {
      teller.tell(run, notice);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        bell.isTelling = false;
      }
    }
  }

  /** Looks no longer; a program that runs is left to itself. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
