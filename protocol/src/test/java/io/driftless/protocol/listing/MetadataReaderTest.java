package io.driftless.protocol.listing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetadataReaderTest {
  private static final Name FILE = Name.of("file");

  @TempDir Path temporary;
  private ConfinedRoot root;
  private Directory directory;

  @BeforeEach
  void open() throws Exception {
    root = ConfinedRoot.open(temporary.toString());
    directory = root.open(TreePath.ROOT);
  }

  @AfterEach
  void close() {
    directory.close();
    root.close();
  }

  @Test
  void a_file_reads_the_same_by_name_and_by_descriptor() throws Exception {
    try (Fd file = directory.create(FILE, 0640)) {
      file.setAttribute("user.b".getBytes(US_ASCII), new byte[0]);
      file.setAttribute("user.a".getBytes(US_ASCII), new byte[] {1, 0, 2});
      file.setTimes(new FileTimes(7, 8, -3, 999_999_999));

      Metadata byDescriptor = MetadataReader.read(file, file.status());
      Metadata byName = MetadataReader.read(directory, FILE, directory.status(FILE));

      assertThat(byName).isEqualTo(byDescriptor);
      assertThat(byName.modified()).isEqualTo(new Timestamp(-3, 999_999_999));
      assertThat(byName.permissions()).isEqualTo(0640);
      assertThat(byName.attributes()).hasSize(2);
    }
  }

  @Test
  void a_symbolic_link_is_read_itself() throws Exception {
    directory.makeSymlink(FILE, "nowhere/\n".getBytes(US_ASCII));

    Metadata link = MetadataReader.read(directory, FILE, directory.status(FILE));

    assertThat(link.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(link.linkTarget().toBytes()).isEqualTo("nowhere/\n".getBytes(US_ASCII));
  }

  @Test
  void attributes_that_a_host_keeps_for_itself_are_not_carried() {
    assertThat(CarriedAttributes.contains("user.x".getBytes(US_ASCII))).isTrue();
    assertThat(CarriedAttributes.contains("trusted.x".getBytes(US_ASCII))).isTrue();
    assertThat(CarriedAttributes.contains("security.capability".getBytes(US_ASCII))).isTrue();
    assertThat(CarriedAttributes.contains("system.posix_acl_default".getBytes(US_ASCII))).isTrue();
    for (String refused :
        new String[] {
          "security.ima",
          "security.evm",
          "trusted.overlay.opaque",
          "trusted.SGI_ACL_FILE",
          "system.nfs4_acl",
          "user.",
          "security.capability2"
        }) {
      assertThat(CarriedAttributes.contains(refused.getBytes(US_ASCII))).as(refused).isFalse();
    }
  }

  @Test
  void the_access_time_is_no_part_of_the_digest() throws Exception {
    try (Fd file = directory.create(FILE, 0600)) {
      file.setTimes(new FileTimes(1, 1, 5, 5));
      Entry before = entry(file);
      file.setTimes(new FileTimes(2, 2, 5, 5));
      Entry accessed = entry(file);
      file.setTimes(new FileTimes(2, 2, 5, 6));
      Entry modified = entry(file);

      var digest = new SliceDigest(new SeededHash(9));
      assertThat(digest.of(accessed)).isEqualTo(digest.of(before));
      assertThat(digest.of(modified)).isNotEqualTo(digest.of(before));
    }
  }

  private static Entry entry(Fd file) throws Exception {
    var status = file.status();
    return new Entry(
        FILE, MetadataReader.read(file, status), LinkRole.ONLY, FileVersion.of(status));
  }
}
