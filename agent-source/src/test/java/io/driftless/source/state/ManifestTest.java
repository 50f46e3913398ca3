package io.driftless.source.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestTest {
  private static final ContentSum HASH = new ContentSum(Zeros.HASHED, new Sha256(1, 2, 3, -1));
  private static final String DIGITS =
      "000000000000000100000000000000020000000000000003ffffffffffffffff";

  @TempDir Path own;

  @Test
  void names_are_escaped_as_sha256sum_does() throws Exception {
    Manifest manifest = Manifest.begin(own, "www");
    manifest.hashed(TreePath.of("a/b c"), HASH);
    manifest.hashed(TreePath.of("-"), HASH);
    manifest.hashed(TreePath.of("new\nline\\\r"), HASH);
    manifest.hashed(TreePath.of(new byte[] {(byte) 0xFF}), HASH);
    manifest.complete();

    assertThat(Files.readString(manifest.file(), ISO_8859_1))
        .isEqualTo(
            DIGITS
                + "  ./a/b c\n"
                + DIGITS
                + "  ./-\n\\"
                + DIGITS
                + "  ./new\\nline\\\\\\r\n"
                + DIGITS
                + "  ./\u00ff\n");
  }

  @Test
  void what_has_no_hash_is_told_in_a_comment_and_counted() throws Exception {
    Manifest manifest = Manifest.begin(own, "www");
    manifest.hashed(TreePath.of("a"), HASH);
    manifest.hashed(TreePath.of("b\nc"), new ContentSum(Zeros.SKIPPED, new Sha256(1, 2, 3, 4)));
    manifest.complete();

    assertThat(Files.readAllLines(manifest.file()))
        .containsExactly(
            DIGITS + "  ./a", "# left out, its holes are too large to be hashed: ./b\\nc");
    assertThat(manifest.leftOut()).isOne();
  }

  @Test
  void the_last_complete_one_stays_until_the_next_is_complete() throws Exception {
    Manifest first = Manifest.begin(own, "www");
    first.hashed(TreePath.of("a"), HASH);
    first.complete();
    try (Manifest second = Manifest.begin(own, "www")) {
      second.hashed(TreePath.of("b"), HASH);
      assertThat(Files.readString(second.file())).endsWith("./a\n");
    }

    assertThat(Files.readString(first.file())).endsWith("./a\n");
    try (var left = Files.list(own.resolve("manifests"))) {
      assertThat(left).hasSize(1);
    }
  }
}
