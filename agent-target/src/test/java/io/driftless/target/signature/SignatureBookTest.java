package io.driftless.target.signature;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.delta.LeafHashes;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.NumericOwners;
import io.driftless.target.compare.SliceComparer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignatureBookTest {
  private static final long SEED = 20_261_129;
  private static final int LEAF = 4096;

  /** More than one chunk of leaves, and no whole number of them. */
  private static final int FILE_BYTES = (65 << 20) + 777;

  private static final int SEGMENT = 64 << 20;
  private static final TreePath PATH = TreePath.ROOT.resolve(Name.of("large"));

  private final SeededHash hash = new SeededHash(SEED);
  private @TempDir Path scratch;
  private Path file;
  private byte[] content;
  private ConfinedRoot root;
  private SliceComparer volume;

  @BeforeEach
  void prepare() throws IOException {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    file = tree.resolve("large");
    content = new byte[FILE_BYTES];
    new SplittableRandom(SEED).nextBytes(content);
    Files.write(file, content);
    root = ConfinedRoot.open(tree.toString());
    volume = new SliceComparer(root, hash, new NumericOwners(), Exclusions.NONE);
  }

  @AfterEach
  void cleanUp() {
    root.close();
  }

  private SignatureBook open(String identity) {
    return open(identity, InstantSource.system());
  }

  private SignatureBook open(String identity, InstantSource clock) {
    return SignatureBook.open(scratch.resolve("signatures"), identity, hash, clock);
  }

  private FileStatus status() throws IOException {
    try (Directory directory = requireNonNull(root.openIfPresent(TreePath.ROOT))) {
      return directory.status(PATH.name());
    }
  }

  private LeafHashes leaves(Range range) {
    var leaves = new LeafHashes(range, hash::hash128);
    leaves.hash(range.from(), MemorySegment.ofArray(content).asSlice(range.from(), range.length()));
    return leaves;
  }

  private SignatureDraft draft(SignatureBook book) {
    SignatureDraft draft = book.draft(PATH, FILE_BYTES);
    draft.add(leaves(Range.between(SEGMENT, FILE_BYTES)));
    draft.add(leaves(new Range(0, SEGMENT)));
    return draft;
  }

  /** As a pass does that brings the file. */
  private void keep(SignatureBook book) throws Exception {
    book.staged(PATH, draft(book), status());
    book.placed(PATH, status());
    book.lookBack(root, volume);
    book.endPass();
  }

  /** How many leaves of a range are known, all of them rightly; -1 if nothing is known at all. */
  private int known(SignatureBook book, Range range) throws IOException {
    try (Signature found = book.find(PATH, status())) {
      return found == null ? -1 : count(found.leaves(range), leaves(range));
    }
  }

  private static int count(LeafHashes found, LeafHashes expected) {
    int count = 0;
    for (int i = 0; i < found.count(); i++) {
      if (found.isKnown(i)) {
        assertThat(found.leaf(i)).isEqualTo(expected.leaf(i));
        count++;
      }
    }
    return count;
  }

  private int knownOfAll(SignatureBook book) throws IOException {
    return known(book, new Range(0, FILE_BYTES));
  }

  private static int leavesIn(long bytes) {
    return (int) ((bytes + LEAF - 1) / LEAF);
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> all = Files.walk(scratch.resolve("signatures"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private void overwrite(Path at, long offset) throws IOException {
    try (FileChannel open = FileChannel.open(at, READ, WRITE)) {
      open.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), offset);
    }
  }

  @Test
  void what_was_kept_is_known_again() throws Exception {
    keep(open("volume"));
    SignatureBook again = open("volume");

    assertThat(knownOfAll(again)).isEqualTo(leavesIn(FILE_BYTES));
    assertThat(known(again, Range.between(SEGMENT - 3 * LEAF, FILE_BYTES)))
        .isEqualTo(3 + leavesIn(FILE_BYTES - SEGMENT));
    assertThat(known(again, new Range(LEAF, LEAF + 10))).as("a leaf that is cut").isEqualTo(1);
    assertThat(known(again, new Range(1, 10 * LEAF))).as("cut otherwise").isZero();
  }

  @Test
  void nobody_else_can_read_it() throws Exception {
    keep(open("volume"));

    assertThat(stored()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored().getFirst())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(scratch.resolve("signatures"))))
        .isEqualTo("rwx------");
  }

  @Test
  void another_version_is_not_known() throws Exception {
    SignatureBook book = open("volume");
    keep(book);
    FileTime modified = Files.getLastModifiedTime(file);
    overwrite(file, 1000);
    Files.setLastModifiedTime(file, modified);

    assertThat(knownOfAll(book)).isEqualTo(-1);
  }

  @Test
  void what_was_written_to_before_the_end_of_the_pass_is_not_kept() throws Exception {
    SignatureBook book = open("volume");
    book.staged(PATH, draft(book), status());
    book.placed(PATH, status());
    TimeUnit.MILLISECONDS.sleep(20);
    FileTime modified = Files.getLastModifiedTime(file);
    overwrite(file, 1000);
    Files.setLastModifiedTime(file, modified);
    book.lookBack(root, volume);
    book.endPass();

    assertThat(knownOfAll(book)).isEqualTo(-1);
    assertThat(stored()).isEmpty();
  }

  @Test
  void what_did_not_get_its_place_is_not_kept() throws Exception {
    SignatureBook book = open("volume");
    book.staged(PATH, draft(book), status());
    book.lookBack(root, volume);
    book.endPass();
    assertThat(stored()).isEmpty();

    FileStatus other = status();
    Files.delete(file);
    Files.write(file, content);
    book.staged(PATH, draft(book), other);
    book.placed(PATH, status());
    book.lookBack(root, volume);
    book.endPass();
    assertThat(stored()).isEmpty();
  }

  @Test
  void a_pass_that_fails_leaves_nothing() throws Exception {
    SignatureBook book = open("volume");
    book.staged(PATH, draft(book), status());
    book.placed(PATH, status());
    book.endPass();

    assertThat(stored()).isEmpty();
    assertThat(knownOfAll(book)).isEqualTo(-1);
  }

  @Test
  void a_later_change_of_the_same_pass_counts() throws Exception {
    SignatureBook book = open("volume");
    SignatureDraft first = draft(book);
    book.staged(PATH, first, status());
    book.placed(PATH, status());
    content[5] ^= 1;
    overwrite(file, 0);
    content = Files.readAllBytes(file);
    keep(book);

    assertThat(knownOfAll(book)).isEqualTo(leavesIn(FILE_BYTES));
    assertThat(stored()).hasSize(1);
  }

  @Test
  void what_is_begun_anew_is_not_mixed() throws Exception {
    SignatureBook book = open("volume");
    SignatureDraft draft = draft(book);
    draft.restart(FILE_BYTES);
    draft.add(leaves(Range.between(SEGMENT - 1024 * LEAF, SEGMENT)));
    book.staged(PATH, draft, status());
    book.placed(PATH, status());
    book.lookBack(root, volume);
    book.endPass();

    assertThat(knownOfAll(book)).isEqualTo(1024);
  }

  @Test
  void another_identity_knows_nothing_and_leaves_nothing() throws Exception {
    keep(open("volume"));

    assertThat(knownOfAll(open("another boot"))).isEqualTo(-1);
    assertThat(knownOfAll(open("volume"))).isEqualTo(-1);
    assertThat(stored()).isEmpty();
  }

  @Test
  void a_clock_that_was_set_back_proves_nothing() throws Exception {
    keep(open("volume"));

    InstantSource earlier = () -> Instant.now().minusSeconds(3600);
    assertThat(knownOfAll(open("volume", earlier))).isEqualTo(-1);
  }

  @Test
  void what_is_torn_is_read_anew() throws Exception {
    SignatureBook book = open("volume");
    keep(book);
    Path signature = stored().getFirst();
    long bytes = Files.size(signature);

    overwrite(signature, bytes / 2);
    assertThat(knownOfAll(book)).isEqualTo(leavesIn(FILE_BYTES - SEGMENT));
    overwrite(signature, bytes - 20);
    assertThat(knownOfAll(book)).isZero();
    try (FileChannel open = FileChannel.open(signature, WRITE)) {
      open.truncate(bytes / 3);
    }
    assertThat(knownOfAll(book)).isZero();
    overwrite(signature, 12);
    assertThat(knownOfAll(book)).isEqualTo(-1);
    assertThat(stored()).isEmpty();
  }

  @Test
  void where_nothing_can_be_kept_nothing_is() throws Exception {
    Files.writeString(scratch.resolve("signatures"), "a file");
    SignatureBook book = open("volume");
    keep(book);

    assertThat(knownOfAll(book)).isEqualTo(-1);
    book.forget(PATH);
  }

  @Test
  void small_and_huge_files_are_not_remembered() throws Exception {
    SignatureBook book = open("volume");
    for (long bytes : new long[] {0, 5 << 20, 1L << 38, Long.MAX_VALUE}) {
      SignatureDraft draft = book.draft(PATH, bytes);
      draft.add(leaves(new Range(0, 4 << 20)));
      draft.close();
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void the_oldest_goes_where_there_are_too_many() throws Exception {
    SignatureFiles files = SignatureFiles.open(scratch.resolve("signatures"), 7);
    for (int i = 0; i < 5; i++) {
      Path one = Files.write(files.sealed("n" + i), new byte[1000]);
      Files.setLastModifiedTime(one, FileTime.fromMillis(1_000_000 - i));
    }
    files.trim(2500);

    assertThat(stored()).containsExactlyInAnyOrder(files.sealed("n0"), files.sealed("n1"));
  }
}
