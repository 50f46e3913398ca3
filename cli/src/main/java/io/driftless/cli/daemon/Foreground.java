package io.driftless.cli.daemon;

import io.driftless.cli.control.ControlServer;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.HomeLock;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one agent in the foreground, with its lock and its control socket, until it shall stop. */
public final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  private final Home home;
  private final CountDownLatch stop;

  /**
   * @param stop reaches zero when the agent shall end
   */
  public Foreground(Home home, CountDownLatch stop) {
    this.home = home;
    this.stop = stop;
  }

  /** Starts an agent in a home that is locked. */
  @FunctionalInterface
  public interface Starter<C> {
    RunningAgent<C> start() throws IOException;
  }

  /** Opens the control socket for an agent that runs. */
  @FunctionalInterface
  public interface Opener<C> {
    ControlServer open(RunningAgent<C> agent) throws IOException;
  }

  /** Returns when the agent has ended. */
  public <C> void run(Starter<C> starter, Opener<C> opener)
      throws IOException, InterruptedException {
    home.prepare();
    try (HomeLock _ = HomeLock.acquire(home);
        RunningAgent<C> agent = starter.start();
        ControlServer server = opener.open(agent)) {
      LOG.info("the {} is ready; it answers on {}", home.role().word(), server.socket());
      stop.await();
      LOG.info("the {} ends", home.role().word());
    }
    LOG.info("the {} has ended", home.role().word());
  }
}
