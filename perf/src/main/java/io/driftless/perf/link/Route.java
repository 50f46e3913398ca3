package io.driftless.perf.link;

import java.io.IOException;

/** How a port of this host is reached. */
@FunctionalInterface
public interface Route {
  Route DIRECT = port -> port;

  /** The port of this host that leads to the one that is listened on. */
  int to(int port) throws IOException;
}
