package io.driftless.perf.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Carries what goes through one direction of a connection, until it ends. */
@FunctionalInterface
interface Carrier {
  enum Way {
    /** From the side that has dialled. */
    FORTH,
    BACK
  }

  void carry(InputStream in, OutputStream out, Way way) throws IOException, InterruptedException;
}
