package io.driftless.source.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.driftless.source.session.FakeReplica.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B6: what lies outside never reaches the target, whatever local users do meanwhile. */
final class ConfinementPassIT {
  private static final byte[] SECRET = "the secret that lies outside".getBytes(UTF_8);
  private static final long RACE_NANOS = 1_000_000_000;

  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    for (int i = 0; i < 10; i++) {
      Files.write(outside.resolve("f" + i), SECRET);
      volume.write("victim/f" + i, 500);
      volume.write("victim/deeper/f" + i, 500);
    }
    Files.createDirectories(outside.resolve("deeper"));
    Files.write(outside.resolve("deeper/f0"), SECRET);
    Files.write(outside.resolve("large"), "x".repeat(400_000).getBytes(UTF_8));
    volume.write("victim/large", 400_000);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @Test
  void a_directory_that_flips_to_a_link_and_back_leads_nowhere() throws Exception {
    long end = System.nanoTime() + RACE_NANOS;
    try (var _ = new Flipper(volume.root.resolve("victim"), temporary.resolve("outside"))) {
      do {
        volume.pass();
        assertThat(volume.target.breaches).isEmpty();
        noSecretArrived();
      } while (System.nanoTime() < end);
    }
    volume.nothingIsLeft();
  }

  @Test
  void a_file_that_flips_to_a_link_and_back_leads_nowhere() throws Exception {
    long end = System.nanoTime() + RACE_NANOS;
    try (var _ = new Flipper(volume.root.resolve("victim/f1"), temporary.resolve("outside/f1"))) {
      do {
        volume.pass();
        assertThat(volume.target.breaches).isEmpty();
        noSecretArrived();
      } while (System.nanoTime() < end);
    }
  }

  private void noSecretArrived() {
    for (Node node : volume.target.replica.everything().values()) {
      byte[] content = node.content;
      if (content != null) {
        assertThat(new String(content, UTF_8)).doesNotContain("the secret").doesNotContain("xxxx");
      }
    }
  }

  /** Puts a link in the place of an entry and the entry back again, all the time. */
  private static final class Flipper implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Path entry;
    private final Path link;
    private final Path aside;
    private final Thread thread;

    Flipper(Path entry, Path outside) throws IOException {
      this.entry = entry;
      this.link = Files.createSymbolicLink(entry.resolveSibling("flip-link"), outside);
      this.aside = entry.resolveSibling("flip-aside");
      this.thread = Thread.ofPlatform().start(this::flip);
    }

    private void flip() {
      try {
        while (!stopped.get()) {
          Files.move(entry, aside);
          Files.move(link, entry, StandardCopyOption.ATOMIC_MOVE);
          Files.move(entry, link, StandardCopyOption.ATOMIC_MOVE);
          Files.move(aside, entry);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      stopped.set(true);
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }
}
