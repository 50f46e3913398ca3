package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.source.scan.Itinerary;
import io.driftless.source.scan.Itinerary.Manner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChangeLineTest {
  private static final int DIRECTORIES = 40;

  @TempDir private Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @Test
  void changes_go_out_where_the_target_takes_one_slice_at_a_time() throws Exception {
    write(10);
    volume.passCompletes();
    volume.target.windows = new Windows(1, 1024, 16 << 20, 1);
    write(11);
    var names = new HashMap<TreePath, Map<Name, Manner>>();
    for (int i = 0; i < DIRECTORIES; i++) {
      names.put(
          TreePath.of("d" + i),
          Map.of(Name.of("arrived"), Manner.ARRIVED, Name.of("touched"), Manner.TOUCHED));
    }

    Shipment shipment = ship(new Itinerary.Changes(names, Set.of()));

    assertThat(volume.target.breaches).isEmpty();
    assertThat(shipment.ending()).isInstanceOf(PassEnding.Complete.class);
    volume.targetEqualsDirectory();
  }

  @Test
  @DisplayName("C53: what was in a directory that is a file now is gone, and the rest goes out")
  void names_below_a_file_are_gone() throws Exception {
    volume.write("was-directory", 10);
    volume.write("touched", 10);
    Map<Name, Manner> some = Map.of(Name.of("f"), Manner.WRITTEN);
    var names =
        Map.of(
            TreePath.of("was-directory"),
            some,
            TreePath.of("was-directory/below/deeper"),
            some,
            TreePath.of("never/was"),
            some,
            TreePath.ROOT,
            Map.of(Name.of("touched"), Manner.TOUCHED));

    Shipment shipment = ship(new Itinerary.Changes(names, Set.of()));

    assertThat(shipment.ending()).isInstanceOf(PassEnding.Complete.class);
    assertThat(volume.target.gone)
        .containsExactlyInAnyOrder(
            TreePath.of("was-directory"), TreePath.of("was-directory/below"), TreePath.of("never"));
    assertThat(volume.target.replica.node("touched")).isNotNull();
  }

  @Test
  void an_end_between_two_shipments_ends_the_next() throws Exception {
    volume.write("f", 10);
    var change =
        new Itinerary.Changes(
            Map.of(TreePath.ROOT, Map.of(Name.of("f"), Manner.WRITTEN)), Set.of());
    try (Line line = volume.openLine()) {
      assertThat(ship(line, change).ending()).isInstanceOf(PassEnding.Complete.class);
      assertThat(line.hasEnded()).isFalse();
      volume.target.finish(new SessionEnd(SessionEnd.Cause.BROKEN, "lost", "reset by peer", ""));

      assertThat(line.hasEnded()).isTrue();
      assertThat(volume.lineEnds).isEqualTo(1);
      assertThat(ship(line, change).ending()).isInstanceOf(PassEnding.Broken.class);
    }
  }

  private void write(int bytes) throws IOException {
    for (int i = 0; i < DIRECTORIES; i++) {
      volume.write("d%d/arrived/below/f".formatted(i), bytes);
      volume.write("d%d/touched".formatted(i), bytes);
    }
  }

  private Shipment ship(Itinerary.Changes changes) throws Exception {
    try (Line line = volume.openLine()) {
      return ship(line, changes);
    }
  }

  /** In a thread of its own, so that one that hangs fails the test. */
  private static Shipment ship(Line line, Itinerary.Changes changes) throws Exception {
    var task = new FutureTask<>(() -> line.ship(changes, 1));
    Thread.ofPlatform().daemon().start(task);
    return task.get(20, TimeUnit.SECONDS);
  }
}
