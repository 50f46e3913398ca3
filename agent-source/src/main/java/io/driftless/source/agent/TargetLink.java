package io.driftless.source.agent;

import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.WireException;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with one target: dials, waits until it ends, dials again after a pause.
 * Thread-safe.
 */
final class TargetLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TargetLink.class);

  /** A session that stands for so long was a real one. */
  private static final Duration STEADY = Duration.ofSeconds(10);

  private static final Duration HURRIED_WAIT = Duration.ofSeconds(1);

  private final String name;
  private final String address;
  private final Dialer dialer;
  private final InstantSource clock;
  private final BackOff backOff;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Session session;
  private Connection connection = Connection.CONNECTING;
  private Instant since;
  private @Nullable String lastError;
  private @Nullable Instant retryAt;
  private boolean wanted;
  private boolean closed;

  TargetLink(
      String name, String address, Dialer dialer, InstantSource clock, RandomGenerator random) {
    this.name = name;
    this.address = address;
    this.dialer = dialer;
    this.clock = clock;
    this.backOff = new BackOff(random);
    this.since = clock.instant();
    this.thread = Thread.ofVirtual().name("link-" + name).unstarted(this::keepConnected);
  }

  void start() {
    thread.start();
  }

  String name() {
    return name;
  }

  /** As people write it. */
  String address() {
    return address;
  }

  /**
   * Somebody wants a session now: where there is none, the next attempt follows within a second of
   * the last one.
   */
  void hurry() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The open session, waiting for one up to {@code patience}.
   *
   * @return the session, or empty if there is none in time
   */
  Optional<Session> await(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (session == null || !session.isOpen()) {
        if (closed || nanos <= 0) {
          return Optional.empty();
        }
        nanos = changed.awaitNanos(nanos);
      }
      return Optional.of(session);
    } finally {
      lock.unlock();
    }
  }

  Optional<String> lastError() {
    lock.lock();
    try {
      return Optional.ofNullable(lastError);
    } finally {
      lock.unlock();
    }
  }

  Optional<Session> current() {
    lock.lock();
    try {
      return Optional.ofNullable(session).filter(Session::isOpen);
    } finally {
      lock.unlock();
    }
  }

  PeerStatus status() {
    lock.lock();
    try {
      Session open = session;
      return new PeerStatus(
          name,
          address,
          connection,
          since,
          Optional.ofNullable(lastError),
          Optional.ofNullable(retryAt),
          open == null ? "" : open.peerSoftware(),
          open == null ? "" : open.tlsProvider(),
          open == null
              ? Duration.ZERO
              : Duration.ofMillis(Math.round(open.clockSkewSeconds() * 1000)),
          Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  private void keepConnected() {
    try {
      while (!isClosed()) {
        long begun = System.nanoTime();
        forgetHurry();
        connectOnce();
        if (System.nanoTime() - begun > STEADY.toNanos()) {
          backOff.reset(); // a target that hangs up at once is as good as away
        }
        if (pause(backOff.next())) {
          backOff.reset();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Dials; where there is a session, returns once it has ended. */
  private void connectOnce() throws InterruptedException {
    try (Session dialled = dialer.dial()) {
      connected(dialled);
      SessionEnd end = dialled.awaitEnd();
      disconnected(describe(end.message(), end.hint()));
    } catch (WireException e) {
      disconnected(describe(String.valueOf(e.getMessage()), e.hint()));
    } catch (IOException e) {
      disconnected(describe(String.valueOf(e.getMessage()), ""));
    }
  }

  private static String describe(String message, String hint) {
    return Escaped.message(hint.isEmpty() ? message : message + "; " + hint);
  }

  private void connected(Session dialled) {
    lock.lock();
    try {
      session = dialled;
      connection = Connection.CONNECTED;
      since = clock.instant();
      lastError = null;
      retryAt = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    LOG.info("connected to {} at {}", name, address);
  }

  private void disconnected(String reason) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (connection != Connection.DISCONNECTED) {
        since = clock.instant();
      }
      session = null;
      connection = Connection.DISCONNECTED;
      lastError = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    LOG.warn("not connected to {} at {}: {}", name, address, reason);
  }

  /**
   * Waits before the next attempt, however the wall clock is set meanwhile.
   *
   * @return whether somebody was in a hurry, which shortens the wait to a second
   */
  private boolean pause(Duration length) throws InterruptedException {
    long begun = System.nanoTime();
    lock.lockInterruptibly();
    try {
      while (!closed) {
        Duration wait = wanted && HURRIED_WAIT.compareTo(length) < 0 ? HURRIED_WAIT : length;
        long left = wait.toNanos() - (System.nanoTime() - begun);
        if (left <= 0) {
          break;
        }
        retryAt = clock.instant().plusNanos(left);
        changed.awaitNanos(left);
      }
      connection = Connection.CONNECTING;
      retryAt = null;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** What was wanted up to here, the attempt that begins now answers. */
  private void forgetHurry() {
    lock.lock();
    try {
      wanted = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    Session open;
    lock.lock();
    try {
      closed = true;
      open = session;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.end(
          new SessionEnd(SessionEnd.Cause.CLOSED_HERE, "shutdown", "the source agent stops", ""));
    }
    thread.interrupt();
  }
}
