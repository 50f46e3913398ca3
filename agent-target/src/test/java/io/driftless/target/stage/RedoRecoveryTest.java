package io.driftless.target.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal comes to when its agent was ended. */
final class RedoRecoveryTest {
  private static final Name JOURNAL = Name.of("0123");
  private static final TreePath PATH = TreePath.of("sub/large");
  private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000, 42);
  private static final int BYTES = 3_000_000;

  @TempDir private Path directory;
  private ConfinedRoot root;
  private StagingArea area;
  private Path file;
  private Path journal;
  private byte[] before;
  private byte[] after;

  @BeforeEach
  void prepare() throws IOException {
    file = Files.createDirectory(directory.resolve("sub")).resolve("large");
    before = new byte[BYTES];
    new SplittableRandom(3).nextBytes(before);
    Files.write(file, before);
    root = ConfinedRoot.open(directory.toString());
    area = new StagingArea(root, ThisProcess.effectiveUid(), ThisProcess.effectiveGid());
    journal = directory.resolve(".driftless/redo/0123");
    after = Arrays.copyOf(before, BYTES - 1000);
    Arrays.fill(after, 5000, 9096, (byte) 1);
    Arrays.fill(after, 1 << 20, 2 << 20, (byte) 0);
    Arrays.fill(after, BYTES - 3000, BYTES - 1000, (byte) 2);
  }

  @AfterEach
  void close() {
    area.close();
    root.close();
  }

  private void write(boolean seal) throws IOException {
    try (Directory sub = root.open(PATH.parent());
        RedoJournal written =
            RedoJournal.begin(area, JOURNAL, PATH, sub.status(PATH.name()), new Room(root.fd()))) {
      ByteBuf bytes = Unpooled.directBuffer(after.length).writeBytes(after);
      written.write(5000, bytes, 5000, 4096);
      written.hole(1 << 20, 1 << 20);
      written.write(BYTES - 3000, bytes, BYTES - 3000, 2000);
      bytes.release();
      if (seal) {
        written.seal(after.length, new Timestamp(MODIFIED.getEpochSecond(), MODIFIED.getNano()));
      }
    }
  }

  private int recover() throws IOException {
    int finished = new RedoRecovery(root).run().size();
    assertThat(journal).doesNotExist();
    return finished;
  }

  @Test
  void a_sealed_journal_is_followed_and_the_file_is_to_be_compared_again() throws IOException {
    write(true);

    assertThat(recover()).isEqualTo(1);

    assertThat(Files.readAllBytes(file)).isEqualTo(after);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.from(MODIFIED.minusSeconds(2)));
    assertThat(recover()).isZero();
  }

  @Test
  void it_does_not_matter_how_far_the_changes_had_come() throws IOException {
    write(true);
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(5000);
      open.write(after, 5000, 1111);
      open.setLength(after.length - 7);
    }

    assertThat(recover()).isEqualTo(1);

    assertThat(Files.readAllBytes(file)).isEqualTo(after);
  }

  @Test
  @DisplayName("C48: a journal that was not sealed counts for nothing")
  void an_open_journal_counts_for_nothing() throws IOException {
    write(false);
    requireNothingHappens();
  }

  private void requireNothingHappens() throws IOException {
    assertThat(recover()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  @DisplayName("C48: a journal that is cut or damaged anywhere counts for nothing")
  void a_damaged_journal_counts_for_nothing() throws IOException {
    write(true);
    byte[] whole = Files.readAllBytes(journal);
    var random = new SplittableRandom(11);
    for (int i = 0; i < 200; i++) {
      byte[] damaged =
          i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      if (damaged.length == whole.length) {
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(journal, damaged);
      requireNothingHappens();
    }
  }

  @Test
  void another_file_of_that_name_is_left_alone() throws IOException {
    write(true);
    Path other = file.resolveSibling("other");
    Files.write(other, before);
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    requireNothingHappens();
  }

  @Test
  @DisplayName("B24: a file that got another name is left alone")
  void a_file_with_another_name_is_left_alone() throws IOException {
    write(true);
    Files.createLink(directory.resolve("second"), file);

    requireNothingHappens();
  }

  @Test
  @DisplayName("B3: a link in the place of the directory is not followed")
  void a_link_is_not_followed() throws IOException {
    write(true);
    Files.move(directory.resolve("sub"), directory.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve("sub"), Path.of("elsewhere"));

    requireNothingHappens();
  }

  @Test
  @DisplayName("B5: a journal in a directory that others may write to is none of ours")
  void a_journal_of_somebody_else() throws IOException {
    write(true);
    Files.setPosixFilePermissions(
        directory.resolve(".driftless"), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(new RedoRecovery(root).run()).isEmpty();

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }
}
