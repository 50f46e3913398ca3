package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameTest {
  @ParameterizedTest
  @DisplayName("B1: what is no name is refused")
  @ValueSource(strings = {"", ".", "..", "/", "a/b", "/a", "a/", "a\0", "\0", "../x", "//"})
  void what_is_no_name_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Name.of(text))
        .withMessageStartingWith("not a file name, ");
  }

  @ParameterizedTest
  @DisplayName("C4: odd names are names, byte for byte")
  @ValueSource(
      strings = {
        "...",
        ".a",
        "..a",
        "\\",
        "a\nb",
        "*?[",
        "-rf",
        "a ",
        " ",
        "\u202egpj.exe",
        "\u001b[31m",
        "\ud83d\ude00",
        "\u00e9",
        "e\u0301",
        "README",
        "readme",
        "\u007f",
        "$(id)",
        "C:"
      })
  void odd_names_are_names(String text) {
    Name name = Name.of(text);

    assertThat(name.toBytes()).isEqualTo(text.getBytes(UTF_8));
  }

  @Test
  @DisplayName("C3: 255 bytes are a name, 256 are not")
  void the_longest_name_has_255_bytes() {
    byte[] bytes = "\u00ff".repeat(256).getBytes(ISO_8859_1);

    assertThat(Name.of(bytes, 1, 255).length()).isEqualTo(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Name.of(bytes))
        .withMessageContaining("longer than 255 bytes");
  }

  @Test
  @DisplayName("C4: forms that look alike are different names")
  void forms_that_look_alike_are_different_names() {
    assertThat(Name.of("\u00e9")).isNotEqualTo(Name.of("e\u0301"));
    assertThat(Name.of("README")).isNotEqualTo(Name.of("readme"));
    assertThat(Name.of("a")).isNotEqualTo(Name.of("a "));
  }

  @Test
  @DisplayName("B19: the message about a name escapes it and is one line")
  void the_message_about_a_name_escapes_it() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Name.of("a/\n\u001b[2J"))
        .withMessage("not a file name, it contains a slash or NUL: a/\\n\\x1b[2J");
  }

  @Test
  void order_is_that_of_unsigned_bytes() {
    assertThat(Name.of("a")).isLessThan(Name.of("b")).isLessThan(Name.of("aa"));
    assertThat(Name.of("Z")).isLessThan(Name.of("a"));
    assertThat(Name.of(new byte[] {0x7F})).isLessThan(Name.of(new byte[] {(byte) 0x80}));
    assertThat(Name.of("a")).isEqualByComparingTo(Name.of("a"));
  }

  @Test
  void a_name_keeps_its_own_copy() {
    byte[] bytes = {'a', 'b'};
    Name name = Name.of(bytes);

    bytes[0] = '/';
    name.toBytes()[1] = '/';

    assertThat(name).isEqualTo(Name.of("ab"));
  }

  @Test
  void a_name_is_taken_from_and_put_into_a_part_of_an_array() {
    Name name = Name.of("/abc/".getBytes(ISO_8859_1), 1, 3);
    byte[] into = new byte[5];

    name.copyTo(into, 2);

    assertThat(into).containsExactly(0, 0, 'a', 'b', 'c');
    assertThat(name.at(1)).isEqualTo((byte) 'b');
  }

  @Test
  @DisplayName("C4: random bytes come back as they were, or are refused with a reason")
  void random_bytes_come_back_as_they_were() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(1, 40)];
      random.nextBytes(bytes);
      boolean legal = isName(bytes);
      try {
        Name name = Name.of(bytes);
        assertThat(legal).as("seed %d round %d", seed, round).isTrue();
        assertThat(name.toBytes()).as("seed %d round %d", seed, round).isEqualTo(bytes);
        assertThat(name).as("seed %d round %d", seed, round).isEqualTo(Name.of(name.toBytes()));
      } catch (IllegalArgumentException refused) {
        assertThat(legal).as("seed %d round %d: %s", seed, round, refused).isFalse();
      }
    }
  }

  private static boolean isName(byte[] bytes) {
    for (byte value : bytes) {
      if (value == 0 || value == '/') {
        return false;
      }
    }
    return !Arrays.equals(bytes, new byte[] {'.'}) && !Arrays.equals(bytes, new byte[] {'.', '.'});
  }
}
