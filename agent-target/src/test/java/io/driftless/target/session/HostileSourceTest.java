package io.driftless.target.session;

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
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.tree.Digest;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A source that breaks the protocol gets nowhere. B1, B2, B10. */
final class HostileSourceTest {
  private static final Metadata DIRECTORY = MemoryTree.metadata(Kind.DIRECTORY, 0755, 0);

  @TempDir Path outer;

  private static Listing listing(
      ScriptedSource source,
      long slice,
      @Nullable SliceHead head,
      int first,
      Consumer<RecordWriter> records) {
    ByteBuf out = Unpooled.directBuffer();
    records.accept(new RecordWriter(out));
    return new Listing(slice, head, first, Part.LAST, Completeness.COMPLETE, source.pack(out));
  }

  private static SliceHead head(String directory) {
    return new SliceHead(1, TreePath.of(directory), Scope.ALL);
  }

  private static void self(RecordWriter writer) {
    writer.entry(-1, new Entry(null, DIRECTORY, LinkRole.ONLY, 1), Settled.STABLE);
  }

  private static void empty(RecordWriter writer, int index, String name) {
    Metadata file = MemoryTree.metadata(Kind.REGULAR, 0644, 0);
    writer.whole(index, new Entry(Name.of(name), file, LinkRole.ONLY, 1), Settled.STABLE);
  }

  private static void same(RecordWriter writer, int index, String name) {
    Metadata file = MemoryTree.metadata(Kind.REGULAR, 0644, 0);
    writer.same(index, new Entry(Name.of(name), file, LinkRole.ONLY, 1));
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("a listing of the staging area", s -> say(s, ".driftless", _ -> {})),
        attack("a listing below the staging area", s -> say(s, ".driftless/stage", _ -> {})),
        attack("the staging area as an entry", s -> say(s, "", w -> empty(w, 0, ".driftless"))),
        attack("the same content as nobody told", s -> say(s, "", w -> same(w, 0, "f"))),
        attack("an index that was skipped", s -> say(s, "", w -> empty(w, 1, "f"))),
        attack("an index that is negative", s -> say(s, "", w -> empty(w, -5, "f"))),
        attack(
            "an index twice",
            s ->
                say(
                    s,
                    "",
                    w -> {
                      empty(w, 0, "f");
                      empty(w, 0, "g");
                    })),
        attack(
            "a name twice in a new directory",
            s ->
                say(
                    s,
                    "new",
                    w -> {
                      empty(w, 0, "f");
                      empty(w, 1, "f");
                    })),
        attack(
            "a directory with metadata among the entries",
            s ->
                say(
                    s,
                    "",
                    w ->
                        w.entry(
                            0,
                            new Entry(Name.of("d"), DIRECTORY, LinkRole.ONLY, 1),
                            Settled.STABLE))),
        attack(
            "an owner that no user can have",
            s ->
                say(
                    s,
                    "",
                    w -> {
                      Metadata file = MemoryTree.metadata(Kind.REGULAR, 04755, 0);
                      Metadata owned = file.withOwners(-1, 0, List.of());
                      w.whole(0, new Entry(Name.of("f"), owned, LinkRole.ONLY, 1), Settled.STABLE);
                    })),
        attack(
            "a second directory itself",
            s ->
                say(
                    s,
                    "",
                    w -> {
                      self(w);
                      self(w);
                    })),
        attack("a slice without a beginning", s -> s.say(listing(s, 7, null, 0, _ -> {}))),
        attack(
            "a slice that begins twice",
            s -> {
              s.say(
                  new Listing(
                      1,
                      head("new"),
                      0,
                      Part.MORE_FOLLOW,
                      Completeness.COMPLETE,
                      s.pack(Unpooled.directBuffer())));
              s.say(listing(s, 1, head("new"), 0, _ -> {}));
            }),
        attack(
            "a name outside of its scope",
            s ->
                s.say(
                    listing(
                        s,
                        1,
                        new SliceHead(1, TreePath.ROOT, new Scope(16, 0)),
                        0,
                        w -> {
                          for (int i = 0; i < 4; i++) {
                            empty(w, i, "n" + i);
                          }
                        }))),
        attack(
            "content that nobody asked for",
            s -> {
              s.say(
                  new Listing(
                      1,
                      head("new"),
                      0,
                      Part.MORE_FOLLOW,
                      Completeness.COMPLETE,
                      s.pack(Unpooled.directBuffer())));
              ByteBuf out = Unpooled.directBuffer();
              empty(new RecordWriter(out), 0, "f");
              s.say(new Contents(1, s.pack(out)));
            }),
        attack("contents of no slice", s -> s.say(new Contents(9, s.pack(Unpooled.buffer())))),
        attack(
            "a segment of no slice",
            s ->
                s.say(
                    new Segment(
                        9, 0, 0, Reading.OK, "", 1, 1, List.of(), s.pack(Unpooled.buffer())))),
        attack(
            "offers beyond the window",
            s -> {
              for (int i = 1; i < 100; i++) {
                s.say(new Offers(List.of(offer(i, 2000))));
              }
            }),
        attack("an offer of a negative count", s -> s.say(new Offers(List.of(offer(1, -1))))),
        attack("an offer twice", s -> s.say(new Offers(List.of(offer(1, 1), offer(1, 1))))),
        attack(
            "fewer slices than came",
            s -> {
              s.say(new Offers(List.of(offer(1, 1), offer(2, 1))));
              s.say(new EndOfWalk(1, 0, 0, 0));
            }),
        attack(
            "missing entries in a pass over a tree",
            s -> s.say(new Missing(List.of(TreePath.of("canary"))))),
        attack(
            "some names in a pass over a tree",
            s ->
                s.say(
                    listing(
                        s,
                        1,
                        new SliceHead(1, TreePath.ROOT, Scope.NAMED),
                        0,
                        w -> empty(w, 0, "f")))),
        attack(
            "an offer of names",
            s ->
                s.say(
                    new Offers(
                        List.of(new Offer(1, 1, TreePath.ROOT, Scope.NAMED, 1, Digest.EMPTY, 0))))),
        attack(
            "links before the walk was applied",
            s -> s.say(new LinkGroup(1, TreePath.of("a"), List.of(TreePath.of("b"))))),
        attack(
            "bytes that are no record",
            s ->
                s.say(
                    new Listing(
                        1,
                        head(""),
                        0,
                        Part.LAST,
                        Completeness.COMPLETE,
                        s.pack(Unpooled.directBuffer().writeLong(-1))))));
  }

  private static Offer offer(long slice, int entries) {
    return new Offer(slice, slice, TreePath.of("d" + slice), Scope.ALL, entries, Digest.EMPTY, 0);
  }

  private static void say(ScriptedSource source, String directory, Consumer<RecordWriter> records) {
    source.say(listing(source, 1, head(directory), 0, records));
  }

  private static Arguments attack(String name, Consumer<ScriptedSource> attack) {
    return Arguments.of(name, attack);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void a_breach_of_the_protocol_ends_the_conversation(String name, Consumer<ScriptedSource> attack)
      throws Exception {
    Path root = Files.createDirectory(outer.resolve("root"));
    Path canary = Files.writeString(outer.resolve("canary"), "alive");
    try (var replica = new ReplicaHarness(root)) {
      replica.source.begin();

      Throwable refused = catchThrowable(() -> attack.accept(replica.source));

      if (refused == null) {
        PassResult result = replica.source.await(PassResult.class);
        assertThat(result.slug()).isIn("protocol-violation", "target-failed");
        assertThat(replica.source.end()).isNotNull();
      } else {
        assertThat(refused).isInstanceOf(ProtocolViolation.class);
      }
    }
    assertThat(canary).hasContent("alive");
    try (var left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
  }

  static Stream<Arguments> segments() {
    return Stream.<BiConsumer<Segment, List<Segment>>>of(
            (asked, said) -> said.add(with(asked, List.of(new Run.Data(1 << 30)))),
            (asked, said) -> said.add(with(asked, List.of(new Run.Data(-1)))),
            (asked, said) -> said.add(with(asked, List.of(new Run.Match(2 << 20)))),
            (asked, said) -> said.add(with(asked, List.of(new Run.Hole(Long.MAX_VALUE)))),
            (asked, said) ->
                said.add(
                    with(
                        asked,
                        List.of(new Run.Hole(1 << 20), new Run.Hole(1 << 20), new Run.Hole(1)))),
            (asked, said) -> said.add(with(asked, List.of())),
            (asked, said) ->
                said.add(
                    new Segment(
                        asked.slice(),
                        asked.index(),
                        asked.offset() + 1,
                        Reading.OK,
                        "",
                        1,
                        1,
                        asked.runs(),
                        asked.literals())))
        .map(Arguments::of);
  }

  private static Segment with(Segment asked, List<Run> runs) {
    return new Segment(
        asked.slice(),
        asked.index(),
        asked.offset(),
        Reading.OK,
        "",
        asked.version(),
        asked.fileBytes(),
        runs,
        asked.literals());
  }

  @ParameterizedTest
  @MethodSource("segments")
  void a_segment_that_lies_ends_the_conversation(BiConsumer<Segment, List<Segment>> lie)
      throws Exception {
    Path root = Files.createDirectory(outer.resolve("root"));
    try (var replica = new ReplicaHarness(root)) {
      byte[] content = new byte[(1 << 20) + 5];
      java.util.Arrays.fill(content, (byte) 1);
      replica.tree().file("large", content);
      replica.source.segments =
          segment -> {
            var said = new java.util.ArrayList<Segment>();
            lie.accept(segment, said);
            return said.getFirst();
          };

      Throwable ended = catchThrowable(replica::pass);

      assertThat(ended).hasMessageContaining("protocol-violation");
      assertThat(root.resolve("large")).doesNotExist();
    }
  }

  @Test
  void nothing_is_made_below_a_link_that_the_source_made_itself() throws Exception { // B2
    Path root = Files.createDirectory(outer.resolve("root"));
    Path secret = Files.createDirectory(outer.resolve("secret"));
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().symlink("a", "../secret");
      replica.pass();
      replica.tree().remove("a").directory("a").file("a/passwd", "x");

      replica.pass();

      replica.requireEqual(); // the link has given way to a directory
      try (var inside = Files.list(secret)) {
        assertThat(inside).isEmpty();
      }
    }
  }
}
