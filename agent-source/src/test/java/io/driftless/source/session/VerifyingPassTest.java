package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
