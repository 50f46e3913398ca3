package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody swaps a directory with a symbolic link that leads outside, and an entry with a link to a
 * file outside, all the time, while every operation runs on them.
 */
final class ConfinementRaceIT {
  private static final Duration BUDGET = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TreePath FLIPPED = TreePath.of("flipped");
  private static final Name BAIT = Name.of("bait");
  private static final Name ENTRY = Name.of("entry");
  private static final Name ENTRY_BAIT = Name.of("entry-bait");
  private static final Name MADE = Name.of("made");
  private static final Name SECOND = Name.of("second");
  private static final byte[] KEY = "user.key".getBytes(UTF_8);

  /** An operation inside the directory; what it makes it removes. */
  private enum Operation {
    LIST {
      @Override
      void on(Directory at) throws IOException {
        try (DirectoryEntries entries = at.entries()) {
          while (entries.next()) {
            assertThat(entries.name()).isNotEqualTo(Name.of("only-outside"));
          }
        }
      }
    },
    STATUS {
      @Override
      void on(Directory at) throws IOException {
        assertThat(at.status(ENTRY).size()).isLessThan(100);
      }
    },
    OPEN {
      @Override
      void on(Directory at) throws IOException {
        try (Fd file = at.openForReading(ENTRY)) {
          assertThat(file.status().size()).isLessThan(100);
        }
      }
    },
    WRITE {
      @Override
      void on(Directory at) throws IOException {
        try (Fd file = at.openForWriting(ENTRY)) {
          file.truncate(10);
        }
      }
    },
    CREATE {
      @Override
      void on(Directory at) throws IOException {
        at.create(MADE, 0600).close();
        at.remove(MADE);
      }
    },
    DIRECTORY {
      @Override
      void on(Directory at) throws IOException {
        at.makeDirectory(MADE, 0700);
        at.openChild(MADE).close();
        at.removeDirectory(MADE);
      }
    },
    SYMLINK {
      @Override
      void on(Directory at) throws IOException {
        at.makeSymlink(MADE, KEY);
        at.remove(MADE);
      }
    },
    NODE {
      @Override
      void on(Directory at) throws IOException {
        at.makeSpecial(MADE, Kind.FIFO, 0600);
        at.remove(MADE);
      }
    },
    LINK {
      @Override
      void on(Directory at) throws IOException {
        at.link(ENTRY, at, MADE);
        at.remove(MADE);
      }
    },
    RENAME {
      @Override
      void on(Directory at) throws IOException {
        at.create(MADE, 0600).close();
        at.rename(MADE, at, SECOND, RenameMode.REPLACE);
        at.remove(SECOND);
      }
    },
    CHMOD {
      @Override
      void on(Directory at) throws IOException {
        at.chmod(ENTRY, 0611);
      }
    },
    CHOWN {
      @Override
      void on(Directory at) throws IOException {
        at.chown(ENTRY, ThisProcess.effectiveUid(), -1);
      }
    },
    TIMES {
      @Override
      void on(Directory at) throws IOException {
        at.setTimes(ENTRY, FileTimes.modified(1, 2));
      }
    },
    ATTRIBUTES {
      @Override
      void on(Directory at) throws IOException {
        at.setAttribute(ENTRY, KEY, KEY);
        at.removeAttribute(ENTRY, KEY);
      }
    };

    abstract void on(Directory at) throws IOException;
  }

  @TempDir Path base;
  private Path outside;

  @BeforeEach
  void lay_out() throws IOException {
    outside = Files.createDirectory(base.resolve("outside"));
    for (Name name : List.of(ENTRY, Name.of("only-outside"))) {
      Files.write(outside.resolve(name.toString()), new byte[1000]);
    }
    Path inside = Files.createDirectory(base.resolve("inside"));
    Path flipped = Files.createDirectory(inside.resolve("flipped"));
    Files.createSymbolicLink(inside.resolve("bait"), outside);
    Files.writeString(flipped.resolve("entry"), "inside");
    Files.createSymbolicLink(flipped.resolve("entry-bait"), outside.resolve("entry"));
  }

  @AfterEach
  void the_directory_can_be_deleted() throws IOException {
    assertThat(Files.isDirectory(outside)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("B3, B4, B6: openat2 against a local racer")
  void nothing_outside_is_touched_where_the_kernel_confines(Operation operation) throws Exception {
    Needs.that(KernelFeatures.ofThisKernel().confinedOpen(), "a kernel with openat2");
    race(operation, KernelFeatures.ofThisKernel());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("B3, B4, B6: the component walk against a local racer")
  void nothing_outside_is_touched_on_an_old_kernel(Operation operation) throws Exception {
    race(operation, KernelFeatures.NONE);
  }

  private void race(Operation operation, KernelFeatures features) throws Exception {
    Map<String, String> before = canary();
    var stop = new AtomicBoolean();
    byte[] inside = base.resolve("inside").toString().getBytes(UTF_8);
    try (ConfinedRoot root = ConfinedRoot.open(inside, features);
        Directory top = root.open(TreePath.ROOT);
        Directory flipped = root.open(FLIPPED)) {
      var racer = CompletableFuture.runAsync(() -> flip(top, flipped, stop));
      try {
        attempt(operation, root);
      } finally {
        stop.set(true);
        racer.get();
      }
    }
    assertThat(canary()).isEqualTo(before);
  }

  private static void flip(Directory top, Directory flipped, AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        top.rename(FLIPPED.name(), top, BAIT, RenameMode.EXCHANGE);
        flipped.rename(ENTRY, flipped, ENTRY_BAIT, RenameMode.EXCHANGE);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Until the budget is used and both outcomes were seen: the race was one. */
  private static void attempt(Operation operation, ConfinedRoot root) throws IOException {
    long start = System.nanoTime();
    int reached = 0;
    int refused = 0;
    while (System.nanoTime() - start < BUDGET.toNanos() || reached == 0 || refused == 0) {
      try (Directory at = root.open(FLIPPED)) {
        reached++;
        operation.on(at);
      } catch (ConfinementException e) {
        assertThat(e.reason())
            .isIn(ConfinementException.Reason.SYMLINK, ConfinementException.Reason.ESCAPES);
        refused++;
      } catch (LinuxException e) {
        assertThat(e.errno()).isIn(Errno.EOPNOTSUPP, Errno.EPERM, Errno.ELOOP);
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        fail("no race: reached %d times, refused %d times".formatted(reached, refused));
      }
    }
  }

  /** Everything of the entries outside that an operation could have changed. */
  private Map<String, String> canary() throws IOException {
    var seen = new TreeMap<String, String>();
    try (var paths = Files.walk(outside)) {
      for (Path path : paths.toList()) {
        var attributes =
            Files.readAttributes(
                path, "unix:ino,mode,uid,nlink,size,ctime", LinkOption.NOFOLLOW_LINKS);
        seen.put(path.toString(), new TreeMap<>(attributes).toString());
      }
    }
    return seen;
  }
}
