package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.TreePath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C36: what a new file may have been before")
final class LikenessTest {
  private static final long MEBIBYTE = 1 << 20;

  private static double likeness(String fresh, long freshMiB, String old, long oldMiB) {
    return Likeness.of(
        TreePath.of(fresh), freshMiB * MEBIBYTE, TreePath.of(old), oldMiB * MEBIBYTE);
  }

  @Test
  void the_same_name_elsewhere_is_liker_than_a_similar_one_and_that_than_the_same_size() {
    double same = likeness("new/disk.img", 100, "old/disk.img", 120);
    double similar = likeness("dump-02.sql", 100, "dump-01.sql", 120);
    double size = likeness("other", 100, "what", 100);

    assertThat(same).isGreaterThan(similar);
    assertThat(similar).isGreaterThan(size);
    assertThat(size).isPositive();
  }

  @Test
  void of_the_same_name_the_size_that_is_nearer_is_liker() {
    assertThat(likeness("a/x", 100, "b/x", 99)).isGreaterThan(likeness("a/x", 100, "c/x", 60));
  }

  @Test
  void neither_another_name_of_another_size_nor_a_size_that_is_far_off_is_like_it() {
    assertThat(likeness("mail.db", 100, "web.log", 80)).isZero();
    assertThat(likeness("a/disk.img", 100, "b/disk.img", 24)).isZero();
    assertThat(likeness("a/disk.img", 24, "b/disk.img", 100)).isZero();
  }
}
