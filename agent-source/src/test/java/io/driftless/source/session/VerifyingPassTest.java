package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.SimulatedTime;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a source answers about its files, and what it keeps of what differs. */
final class VerifyingPassTest {
  private static final Difference DIFFERENCE =
      new Difference(
          TreePath.of("a"), Kind.REGULAR, Trait.MODE, Left.CHANGED_SINCE, "0644", "0600");

  @TempDir Path temporary;
  private PassFixture volume;
  private final Queue<Examination> examined = new ConcurrentLinkedQueue<>();
  private final Queue<DifferencesTaken> taken = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    volume.write("a", 1000);
    Files.createLink(volume.root.resolve("b"), volume.root.resolve("a"));
    Files.createSymbolicLink(volume.root.resolve("link"), Path.of("a"));
    Files.createDirectory(volume.root.resolve("d"));
    volume.target.onControl =
        message -> {
          if (message instanceof Examined answer) {
            examined.addAll(answer.examinations());
          } else if (message instanceof DifferencesTaken each) {
            taken.add(each);
          }
        };
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private void onListing(Message... replies) {
    volume.target.onContent =
        content -> {
          if (content instanceof Listing listing && listing.slice() == 1) {
            List.of(replies).forEach(volume.target::reply);
          }
        };
  }

  private static PassRequest request(Compare compare, Effect effect) {
    return new PassRequest(compare, effect, Deletes.GUARDED, 0, Excluded.PROTECTED, TreePath.ROOT);
  }

  /** The numbers of the two names of the file, wherever they stand in the listing. */
  private void askForFiles() throws Exception {
    volume.passCompletes();
    var indices = new ArrayList<Integer>();
    volume.target.onContent =
        content -> {
          if (content instanceof Listing listing && listing.slice() == 1) {
            var reader = new RecordReader(listing.records().bytes().duplicate());
            while (reader.next()) {
              if (reader.index() >= 0 && reader.entry().kind() == Kind.REGULAR) {
                indices.add(reader.index());
              }
            }
            volume.target.reply(new Examine(1, 4096, List.copyOf(indices)));
            Awaitility.await().until(() -> examined.size() == indices.size());
          }
        };
    Files.setLastModifiedTime(volume.root, FileTime.fromMillis(1));
  }

  @Test
  @DisplayName("C79: the hash of every name is told and kept")
  void files_are_hashed_and_their_hashes_kept() throws Exception {
    askForFiles();
    volume.request = request(Compare.CONTENT, Effect.VERIFY);

    volume.passCompletes();

    byte[] content = Files.readAllBytes(volume.root.resolve("a"));
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    assertThat(examined)
        .hasSize(2)
        .allMatch(each -> each.reading() == Reading.OK && each.version() != 0)
        .allMatch(each -> each.sizeBytes() == 1000 && each.layout().dataBytes() == 4096)
        .allMatch(each -> each.content().orElseThrow().toString().equals(sha));
    assertThat(volume.hashes).containsOnlyKeys(TreePath.of("a"), TreePath.of("b"));
    volume.nothingIsLeft();
  }

  /** Has something done when a file has been opened and not read. */
  private void whenTheDiskIsAwaited(LongConsumer what) {
    var time = new SimulatedTime();
    var disk = new TokenBucket(time);
    disk.limitTo(0);
    time.whileAsleep(nanos -> {
      what.accept(nanos);
      disk.lift();
    });
    volume.pace = new DiskPace(disk, TokenBucket.unlimited());
  }

  @Test
  @DisplayName("C80: a file that changes while it is read has no hash and no version")
  void a_file_that_changes_while_it_is_read_is_told_as_such() throws Exception {
    askForFiles();
    volume.request = request(Compare.CONTENT, Effect.VERIFY);
    whenTheDiskIsAwaited(_ -> {
      try {
        volume.write("a", 1001);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });

    volume.passCompletes();

    assertThat(examined).anyMatch(each -> each.version() == 0 && each.content().isEmpty());
    long held = examined.stream().filter(each -> each.content().isPresent()).count();
    assertThat(volume.hashes).hasSize((int) held);
  }

  @Test
  void a_file_that_vanishes_before_it_is_read_is_told_as_such() throws Exception {
    askForFiles();
    volume.request = request(Compare.CONTENT, Effect.VERIFY);
    Files.writeString(volume.root.resolve("c"), "another");
    whenTheDiskIsAwaited(_ -> {
      try {
        Files.delete(volume.root.resolve("a"));
        Files.delete(volume.root.resolve("b"));
        Files.delete(volume.root.resolve("c"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });

    volume.passCompletes();

    assertThat(examined)
        .hasSize(3)
        .allMatch(each -> each.reading() == Reading.VANISHED || each.version() == 0);
    assertThat(volume.hashes).isEmpty();
  }

  @Test
  void what_both_sides_have_gone_through_counts_as_compared() throws Exception {
    askForFiles();
    volume.request = request(Compare.CONTENT, Effect.VERIFY);
    PassRun pass = volume.newPass();
    Consumer<ContentMessage> asking = volume.target.onContent;
    volume.target.onContent =
        content -> {
          asking.accept(content);
          if (content instanceof Listing listing && listing.slice() == 1) {
            assertThat(pass.progress().bytesDone()).isZero();
            volume.target.reply(new GoneThrough(700));
            Awaitility.await().until(() -> pass.progress().bytesDone() == 700);
            volume.target.reply(new GoneThrough(70_000));
            Awaitility.await().until(() -> pass.progress().bytesDone() == 2000);
          }
        };

    assertThat(PassFixture.run(pass)).isInstanceOf(PassEnding.Complete.class);
  }

  @Test
  void without_content_nothing_is_hashed() throws Exception {
    askForFiles();
    volume.request = request(Compare.METADATA, Effect.VERIFY);

    volume.passCompletes();

    assertThat(examined).hasSize(2).allMatch(each -> each.content().isEmpty());
    assertThat(volume.hashes).isEmpty();
  }

  @Test
  void differences_are_kept_and_taken() throws Exception {
    volume.request = request(Compare.METADATA, Effect.ITEMIZE);
    onListing(new Differences(List.of(DIFFERENCE)));

    volume.passCompletes();

    assertThat(volume.differences).containsExactly(DIFFERENCE);
    assertThat(taken.size()).isLessThanOrEqualTo(1);
  }

  static List<Message> forbidden() {
    return List.of(
        new Differences(List.of(DIFFERENCE)),
        new DifferencesTaken(),
        new GoneThrough(1),
        new Examine(1, 4096, List.of(0)),
        new Examined(1, List.of()));
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  @DisplayName("B9: a target may not ask or tell this in a plain pass")
  void what_belongs_to_a_verification_ends_a_plain_pass(Message message) throws Exception {
    onListing(message);

    assertThat(volume.pass()).isInstanceOf(PassEnding.Failed.class);
    assertThat(volume.hashes).isEmpty();
    volume.nothingIsLeft();
  }

  static List<Examine> bold() {
    return List.of(
        new Examine(1, 4096, List.of(4)),
        new Examine(77, 4096, List.of(0)),
        new Examine(1, 4096, List.of(0, 1, 2, 3))); // a link and a directory among them
  }

  @ParameterizedTest
  @MethodSource("bold")
  @DisplayName("B9: it may ask about files that were listed, and about nothing else")
  void a_question_about_anything_else_ends_the_pass(Examine question) throws Exception {
    volume.request = request(Compare.CONTENT, Effect.VERIFY);
    onListing(question);

    assertThat(volume.pass()).isInstanceOf(PassEnding.Failed.class);
    volume.nothingIsLeft();
  }
}
