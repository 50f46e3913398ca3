package io.driftless.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who reads the files of a directory again and again, from open to end, in a thread of its
 * own until it is closed. Each time it must be one of the known versions as a whole, and none that
 * is older than the one before.
 */
final class WholeReads implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int GAP_MICROS_MAX = 20_000;

  private final Path directory;
  private final List<String> names;
  private final SplittableRandom random;
  private final Map<String, Map<Long, Integer>> versions = new ConcurrentHashMap<>();
  private final Map<String, Integer> last = new ConcurrentHashMap<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<@Nullable String> complaint = new AtomicReference<>();
  private final Thread thread = Thread.ofPlatform().name("reader").unstarted(this::run);
  private volatile boolean closed;

  WholeReads(Path directory, List<String> names, long seed) {
    this.directory = directory;
    this.names = List.copyOf(names);
    this.random = new SplittableRandom(seed);
  }

  void start() {
    thread.start();
  }

  /** From now on this is a version of a file, the newest one. */
  void add(String name, byte[] content) {
    Map<Long, Integer> known = versions.computeIfAbsent(name, _ -> new ConcurrentHashMap<>());
    var sum = new CRC32C();
    sum.update(content);
    known.put(key(sum, content.length), known.size() + 1);
  }

  private static long key(CRC32C sum, long length) {
    return length << 32 | sum.getValue();
  }

  /** How many files have been read so far. */
  long count() {
    return reads.get();
  }

  /** What was wrong first, or null. */
  @Nullable String complaint() {
    return complaint.get();
  }

  private void run() {
    byte[] chunk = new byte[CHUNK_BYTES];
    while (!closed) {
      for (String name : names) {
        try (InputStream open = Files.newInputStream(directory.resolve(name))) {
          judge(name, read(open, chunk));
        } catch (IOException e) {
          complain(name, e.toString());
        }
        reads.incrementAndGet();
        pause();
      }
    }
  }

  /** The key of what is read from here to the end. */
  private static long read(InputStream open, byte[] chunk) throws IOException {
    var sum = new CRC32C();
    long length = 0;
    for (int count = open.read(chunk); count >= 0; count = open.read(chunk)) {
      sum.update(chunk, 0, count);
      length += count;
    }
    return key(sum, length);
  }

  private void judge(String name, long key) {
    Integer version = versions.getOrDefault(name, Map.of()).get(key);
    int before = last.getOrDefault(name, 0);
    if (version == null) {
      complain(
          name, "%d bytes that are no version, after version %d".formatted(key >>> 32, before));
    } else if (version < before) {
      complain(name, "version %d after version %d".formatted(version, before));
    } else {
      last.put(name, version);
    }
  }

  private void complain(String name, String what) {
    complaint.compareAndSet(null, name + ": " + what);
  }

  /** So that a file is open some of the time. */
  private void pause() {
    try {
      TimeUnit.MICROSECONDS.sleep(random.nextInt(GAP_MICROS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }
}
