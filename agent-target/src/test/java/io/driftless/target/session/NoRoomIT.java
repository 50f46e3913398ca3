package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Blocked;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.Unblocked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that fills up while a pass writes to it. */
@DisplayName("C45, B23: no room")
final class NoRoomIT {
  @TempDir Path temporary;
  private LoopFileSystem fileSystem;
  private Path ballast;
  private ReplicaHarness replica;

  @BeforeEach
  void open() throws Exception {
    fileSystem = LoopFileSystem.in(temporary, Type.EXT4, 64);
    Path root = Files.createDirectory(fileSystem.root().resolve("root"));
    ballast = fileSystem.root().resolve("ballast");
    replica = new ReplicaHarness(root, Standing.NEVER_SEEDED);
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
    fileSystem.close();
  }

  private CompletableFuture<PassResult> passInBackground() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return replica.pass();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private void requireItGoesOnOnceThereIsRoom() throws Exception {
    CompletableFuture<PassResult> pass = passInBackground();
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> replica.session().blocked().isPresent());

    Files.delete(ballast);

    assertThat(pass.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(replica.source.said(Blocked.class)).isNotEmpty();
    assertThat(replica.source.said(Unblocked.class)).isNotEmpty();
    assertThat(replica.source.reasons()).isEmpty();
    replica.requireEqual();
  }

  @Test
  void small_files_wait_for_room_and_go_on() throws Exception {
    Files.write(ballast, new byte[40 << 20]);
    var random = new SplittableRandom(3);
    replica.tree().directory("d");
    for (int i = 0; i < 150; i++) {
      byte[] content = new byte[150_000];
      random.nextBytes(content);
      replica.tree().file("d/" + i, content);
    }

    requireItGoesOnOnceThereIsRoom();
  }

  @Test
  void a_large_file_waits_for_room_and_goes_on() throws Exception {
    Files.write(ballast, new byte[40 << 20]);
    byte[] content = new byte[25 << 20];
    new SplittableRandom(4).nextBytes(content);
    replica.tree().file("large", content);

    requireItGoesOnOnceThereIsRoom();
  }

  @Test
  void entries_wait_for_inodes_and_go_on() throws Exception {
    Path crowd = Files.createDirectory(fileSystem.root().resolve("crowd"));
    long free = replica.session().room().freeInodes();
    ballast = crowd.resolve("none");
    Files.writeString(ballast, "x");
    for (int i = 0; i < free - 60; i++) {
      Files.createFile(crowd.resolve("c" + i));
    }
    replica.tree().directory("d");
    for (int i = 0; i < 300; i++) {
      replica.tree().file("d/" + i, "");
    }
    CompletableFuture<PassResult> pass = passInBackground();
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> replica.session().blocked().isPresent());

    try (var all = Files.list(crowd)) {
      for (Path one : all.toList()) {
        Files.delete(one);
      }
    }

    assertThat(pass.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.COMPLETE);
    replica.requireEqual();
  }

  @Test
  void who_waits_for_room_can_be_fenced() throws Exception {
    Files.write(ballast, new byte[40 << 20]);
    replica.tree().file("large", new byte[25 << 20]);
    var filled = new byte[25 << 20];
    new SplittableRandom(5).nextBytes(filled);
    replica.tree().file("large", filled);
    CompletableFuture<PassResult> pass = passInBackground();
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> replica.session().blocked().isPresent());

    replica.session().fence();

    assertThat(pass.exceptionally(_ -> null).get(30, TimeUnit.SECONDS)).isNull();
    assertThat(fileSystem.root().resolve("root/large")).doesNotExist();
  }
}
