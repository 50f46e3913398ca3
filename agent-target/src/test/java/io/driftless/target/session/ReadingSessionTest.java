package io.driftless.target.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that was opened to read changes nothing, whatever the source says. */
final class ReadingSessionTest {
  private static final Metadata DIRECTORY = MemoryTree.metadata(Kind.DIRECTORY, 0755, 0);

  @TempDir Path root;

  /** What another session is just about to bring over lies there, too. */
  @BeforeEach
  void fill() throws IOException {
    Files.writeString(root.resolve("file"), "what is here");
    Files.writeString(root.resolve("extra"), "only here");
    Path area =
        Files.createDirectory(
            root.resolve(".driftless"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (String name : List.of("stage", "parts", "redo")) {
      Path inside = Files.createDirectory(area.resolve(name));
      Files.writeString(inside.resolve("of-another"), name);
    }
  }

  /** Inodes, times and contents of everything. */
  private List<String> state() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.sorted().map(ReadingSessionTest::stateOf).toList();
    }
  }

  private static String stateOf(Path path) {
    try {
      var status = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
      String content = Files.isRegularFile(path) ? Files.readString(path, UTF_8) : "";
      return "%s %s %s %s %s %s"
          .formatted(
              path,
              status.get("ino"),
              status.get("mode"),
              status.get("ctime"),
              status.get("lastModifiedTime"),
              content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void what_differs_is_told_and_nothing_changes() throws Exception {
    List<String> before = state();
    try (var replica = ReplicaHarness.toRead(root)) {
      replica.poison.entries.add(TreePath.of("extra"));
      replica.source.effect = Effect.VERIFY;
      replica.source.compare = Compare.CONTENT;
      replica.tree().file("file", "what is there".getBytes(UTF_8));
      replica.tree().file("missing", new byte[10]);

      assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);

      assertThat(replica.source.differences())
          .contains("extra extra", "file size", "missing missing");
      assertThat(replica.poison.entries).containsExactly(TreePath.of("extra"));
    }
    assertThat(state()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Effect.class,
      names = {"APPLY", "ITEMIZE"})
  void a_pass_that_writes_is_a_breach_of_the_protocol(Effect effect) throws Exception {
    List<String> before = state();
    try (var replica = ReplicaHarness.toRead(root)) {
      replica.source.effect = effect;

      assertThat(catchThrowable(replica.source::begin)).isInstanceOf(ProtocolViolation.class);
    }
    assertThat(state()).isEqualTo(before);
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("content in a listing", s -> list(s, ReadingSessionTest::whole)),
        attack(
            "contents that nobody asked for",
            s -> {
              list(s, ReadingSessionTest::named);
              s.say(new Contents(1, s.pack(records(ReadingSessionTest::whole))));
            }),
        attack(
            "a segment that nobody asked for",
            s -> {
              list(s, ReadingSessionTest::named);
              s.say(
                  new Segment(
                      1,
                      0,
                      0,
                      Reading.OK,
                      "",
                      1,
                      4,
                      List.of(new Run.Data(4)),
                      s.pack(Unpooled.directBuffer().writeInt(1))));
            }),
        attack(
            "entries that are said to be missing",
            s -> s.say(new Missing(List.of(TreePath.of("extra"))))),
        attack("an absence that nobody asked about", s -> s.say(new Absences(1, List.of(0)))));
  }

  private static Arguments attack(String name, Consumer<ScriptedSource> attack) {
    return Arguments.of(name, attack);
  }

  private static void list(ScriptedSource source, Consumer<RecordWriter> entry) {
    ByteBuf out =
        records(writer -> {
          writer.entry(-1, new Entry(null, DIRECTORY, LinkRole.ONLY, 1), Settled.STABLE);
          entry.accept(writer);
        });
    var head = new SliceHead(1, TreePath.ROOT, Scope.ALL);
    source.say(new Listing(1, head, 0, Part.LAST, Completeness.COMPLETE, source.pack(out)));
  }

  private static ByteBuf records(Consumer<RecordWriter> records) {
    ByteBuf out = Unpooled.directBuffer();
    records.accept(new RecordWriter(out));
    return out;
  }

  private static Entry file() {
    return new Entry(Name.of("file"), MemoryTree.metadata(Kind.REGULAR, 0644, 0), LinkRole.ONLY, 1);
  }

  private static void named(RecordWriter writer) {
    writer.entry(0, file(), Settled.STABLE);
  }

  private static void whole(RecordWriter writer) {
    writer.whole(0, file(), Settled.STABLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @DisplayName("B2, B7: no message writes")
  void no_message_writes(String name, Consumer<ScriptedSource> attack) throws Exception {
    List<String> before = state();
    try (var replica = ReplicaHarness.toRead(root)) {
      replica.source.effect = Effect.VERIFY;
      replica.source.compare = Compare.CONTENT;
      replica.source.begin();

      Throwable refused = catchThrowable(() -> attack.accept(replica.source));

      if (refused == null) {
        replica.source.say(new EndOfWalk(1, 1, 1, 0));
        Throwable end = catchThrowable(replica.source::sendLinks);
        assertThat(end == null || end instanceof ProtocolViolation).isTrue();
        assertThat(
                replica
                    .source
                    .await(io.driftless.protocol.message.PassMessage.PassResult.class)
                    .slug())
            .as(name)
            .isEqualTo("protocol-violation");
      } else {
        assertThat(refused).isInstanceOf(ProtocolViolation.class);
      }
      assertThat(replica.poison.entries).isEmpty();
      assertThat(replica.poison.unproven).isEmpty();
    }
    assertThat(state()).isEqualTo(before);
  }
}
