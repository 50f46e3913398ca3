package io.driftless.cli.control;

import io.driftless.cli.home.Home;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.SourceControl;
import io.driftless.target.session.TargetControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers commands on the control socket of an agent, until it is closed. */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private final Path socket;
  private final ControlRoutes routes;
  private final Listener listener;
  private @Nullable Listener http;

  private ControlServer(Path socket, ControlRoutes routes, Listener listener) {
    this.socket = socket;
    this.routes = routes;
    this.listener = listener;
  }

  /** Takes up the configuration as it is now, whole or not at all. */
  @FunctionalInterface
  public interface Reload {
    /**
     * @throws CommandFailure in one line, and nothing has changed
     */
    void reload() throws IOException;
  }

  /** Begins to answer for a source. The caller holds the lock of the home. */
  public static ControlServer start(Home home, SourceControl source, Reload reload, String version)
      throws IOException {
    return start(home, new SourceRoutes(source, reload, version, InstantSource.system()));
  }

  /** Begins to answer for a target. The caller holds the lock of the home. */
  public static ControlServer start(Home home, TargetControl target, Reload reload, String version)
      throws IOException {
    return start(home, new TargetRoutes(target, reload, version));
  }

  private static ControlServer start(Home home, ControlRoutes routes) throws IOException {
    home.checkSocketPath();
    removeStale(home.socket());
    Listener listener = Listener.onSocket(home.socket(), routes);
    if (listener.failure().isPresent()) {
      throw cannotListen(home, listener.failure().get());
    }
    try {
      // Whoever connects before this line is still asked who they are.
      Files.setPosixFilePermissions(home.socket(), PosixFilePermissions.fromString("rw-------"));
      return new ControlServer(home.socket(), routes, listener);
    } catch (Throwable failure) {
      listener.close();
      throw failure;
    }
  }

  /**
   * Answers for numbers and health on a port, too.
   *
   * @param address {@code HOST:PORT}; nothing is done where it is absent
   * @return this
   * @throws CommandFailure if that can't be had; the server is closed then
   */
  public ControlServer alsoOn(Optional<String> address) throws IOException {
    if (address.isEmpty()) {
      return this;
    }
    InetSocketAddress at = socketAddress(address.get());
    Listener opened = Listener.onPort(at, new OpenRoutes(routes));
    if (opened.failure().isPresent()) {
      close();
      throw new CommandFailure(
          ExitCode.FAILED,
          "http",
          "cannot listen on %s: %s"
              .formatted(address.get(), Escaped.display(opened.failure().get().toString())),
          "change http in the configuration, or stop what listens there",
          opened.failure().get());
    }
    http = opened;
    LOG.info("numbers for Prometheus at http://{}/metrics", address.get());
    if (!at.getAddress().isLoopbackAddress()) {
      LOG.warn("whoever reaches {} can read the agent's numbers", address.get());
    }
    return this;
  }

  private InetSocketAddress socketAddress(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    var at = new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
    if (at.isUnresolved()) {
      close();
      throw new CommandFailure(
          ExitCode.FAILED, "http", "there is no host " + host, "change http in the configuration");
    }
    return at;
  }

  private static CommandFailure cannotListen(Home home, Throwable cause) {
    return new CommandFailure(
        ExitCode.FAILED,
        "control-socket",
        "cannot listen on %s: %s"
            .formatted(
                Escaped.display(home.socket().toString()), Escaped.display(cause.toString())),
        "look at the rights of its directory",
        cause);
  }

  /** A socket that nobody answers on is left over from an agent that was killed. */
  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean isSocket =
        Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
    if (!isSocket || answers(socket)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          isSocket ? "home-in-use" : "control-socket",
          Escaped.display(socket.toString())
              + (isSocket ? " is answered by another agent" : " is not a socket"),
          isSocket ? "stop it first" : "remove it");
    }
    Files.delete(socket);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  public Path socket() {
    return socket;
  }

  /** Stops answering and removes the socket. */
  @Override
  public void close() throws IOException {
    if (http != null) {
      http.close();
    }
    listener.stopListening();
    Files.deleteIfExists(socket);
    listener.close();
  }
}
