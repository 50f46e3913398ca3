package io.driftless.protocol.listing;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;

/**
 * Where the data of an open file lies between its holes, up to the size that it had.
 *
 * @param status from when it was opened
 */
record Extents(Fd file, FileStatus status) {
  long end() {
    return status.size();
  }

  /** Where data begins at or after a place before the end; the end if there is none. */
  long dataFrom(long at) throws LinuxException {
    if (!status.mayHaveHoles()) {
      return at;
    }
    long data = file.nextData(at);
    return data < 0 ? end() : Math.min(data, end());
  }

  /** Where data that begins at a place ends. */
  long dataEnd(long data) throws LinuxException {
    if (!status.mayHaveHoles() || data == end()) {
      return end();
    }
    long hole = file.nextHole(data);
    return hole <= data ? end() : Math.min(hole, end()); // a hole by now: it changes, and is read
  }
}
