package io.driftless.perf.floor;

import io.driftless.perf.data.DataSet;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * The floor of a pass over one large file in front of which something was inserted: a thread reads
 * and hashes the source, another the version that the target has, and a third one copies that to
 * where it belongs as it is hashed, beside it, and renames. It knows what was inserted: nothing is
 * searched, told, compared or proven.
 */
public final class BareShift implements ServedFloor {
  private static final Name FILE = Name.of(DataSet.LARGE_FILE);
  private static final Name FRESH = Name.of(DataSet.LARGE_FILE + ".fresh");
  private static final int LEAF = 4096;
  private static final int BUFFER = 1 << 20;

  private final String source;
  private final String target;
  private final SeededHash hash = new SeededHash(1);

  private BareShift(String source, String target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Serves passes until it is ended.
   *
   * @param arguments source tree, target tree, port of the loopback interface
   */
  public static void main(String[] arguments) throws IOException {
    new BareShift(arguments[0], arguments[1]).serve(arguments[2]);
  }

  @Override
  public void run() throws Exception {
    try (ConfinedRoot from = ConfinedRoot.open(source);
        ConfinedRoot into = ConfinedRoot.open(target);
        Directory here = from.open(TreePath.ROOT);
        Directory there = into.open(TreePath.ROOT);
        Fd wanted = here.openForReading(FILE)) {
      Fd basis = there.openForReadingIfPresent(FILE);
      if (basis == null) {
        bring(wanted, 0, wanted, there, new Semaphore(Integer.MAX_VALUE));
      } else {
        shift(wanted, basis, there);
        basis.close();
      }
      there.fd().setTimes(FileTimes.of(here.fd().status()));
      into.fd().syncFileSystem();
    }
  }

  private void shift(Fd wanted, Fd basis, Directory there) throws Exception {
    var signed = new Semaphore(0);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> comparing = threads.submit(() -> hashAll(wanted, new Semaphore(0)));
      Future<?> signing = threads.submit(() -> hashAll(basis, signed));
      bring(wanted, wanted.status().size() - basis.status().size(), basis, there, signed);
      comparing.get();
      signing.get();
    }
  }

  private Void hashAll(Fd file, Semaphore done) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER, LEAF);
      long size = file.status().size();
      for (long at = 0; at < size; at += BUFFER) {
        int length = file.readAt(at, buffer.address(), BUFFER);
        for (int leaf = 0; leaf < length; leaf += LEAF) {
          var _ = hash.hash128(buffer, leaf, Math.min(LEAF, length - leaf));
        }
        done.release();
      }
    }
    return null;
  }

  private static void bring(Fd wanted, long inserted, Fd basis, Directory there, Semaphore signed)
      throws IOException, InterruptedException {
    FileStatus status = wanted.status();
    try (Arena arena = Arena.ofConfined();
        Fd fresh = there.create(FRESH, status.permissions())) {
      MemorySegment front = arena.allocate(Math.max(1, inserted));
      wanted.readAt(0, front.address(), (int) inserted);
      fresh.writeAt(0, front.address(), (int) inserted);
      long size = basis.status().size();
      for (long at = 0; at < size; at += BUFFER) {
        signed.acquire();
        long end = Math.min(size, at + BUFFER);
        for (long done = at; done < end; ) {
          done += basis.copyRange(done, fresh, inserted + done, end - done);
        }
      }
      fresh.setTimes(FileTimes.of(status));
    }
    there.rename(FRESH, there, FILE, RenameMode.REPLACE);
  }
}
