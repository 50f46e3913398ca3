package io.driftless.perf.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that stays until it is closed, or until the thread that started it is gone. */
public final class Service implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 20;

  private final String name;
  private final Process process;
  private final Path log;

  private Service(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a program; what it says goes to the log. */
  public static Service start(String name, Path log, List<String> words) throws IOException {
    // The kernel ends it with us, however we end.
    var bound = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM"));
    bound.addAll(words);
    var builder =
        new ProcessBuilder(bound)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Service(name, builder.start(), log);
  }

  /** A port of the loopback interface that nobody listens on now. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /** Waits until somebody listens on a port of the loopback interface. */
  public Service awaitPort(int port) throws IOException, InterruptedException {
    return await(() -> isListening(port), "to listen on port " + port);
  }

  /** Waits until a file is there. */
  public Service awaitFile(Path file) throws IOException, InterruptedException {
    return await(() -> Files.exists(file), "to make " + file);
  }

  /** Something that comes true sooner or later. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /**
   * Waits for a condition.
   *
   * @throws IOException if the program ends or the time is up before; the message has its log
   */
  public Service await(Condition condition, String what) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "waited for %s %s: %s".formatted(name, what, Files.readString(log).strip()));
      }
      Thread.sleep(POLL_MILLIS);
    }
    return this;
  }

  private static boolean isListening(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  /** Asks it to end, and ends it if it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
