package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EscapedTest {
  @ParameterizedTest
  @DisplayName("C4: what is printable is shown as it is")
  @ValueSource(
      strings = {
        "plain.txt",
        "with space",
        "*?['\"$(id)",
        "\u00fcber",
        "\u4e2d\u6587",
        "\ud83d\ude00",
        "e\u0301"
      })
  void what_is_printable_is_shown_as_it_is(String text) {
    assertThat(Escaped.display(text)).isEqualTo(text);
  }

  @ParameterizedTest(name = "{1}")
  @DisplayName("B19: what moves the cursor, hides or turns text is escaped")
  @CsvSource({
    "000a, \\n",
    "000d, \\r",
    "0009, \\t",
    "0000, \\x00",
    "001b, \\x1b",
    "007f, \\x7f",
    "005c, \\\\",
    "0085, \\u0085",
    "009b, \\u009b",
    "00ad, \\u00ad",
    "061c, \\u061c",
    "200b, \\u200b",
    "200f, \\u200f",
    "2028, \\u2028",
    "2029, \\u2029",
    "202e, \\u202e",
    "2066, \\u2066",
    "feff, \\ufeff",
    "e000, \\ue000",
    "ffff, \\uffff",
    "e0041, \\U000e0041",
    "10ffff, \\U0010ffff",
    "00a0, \\u00a0",
    "2003, \\u2003",
    "3000, \\u3000",
    "115f, \\u115f",
    "1160, \\u1160",
    "3164, \\u3164",
    "ffa0, \\uffa0",
    "034f, \\u034f",
    "fe0f, \\ufe0f",
    "e0100, \\U000e0100",
    "180b, \\u180b",
    "2800, \\u2800",
  })
  void what_moves_hides_or_turns_text_is_escaped(String codePoint, String shown) {
    String text = Character.toString(Integer.parseInt(codePoint, 16));

    assertThat(Escaped.display("a" + text + "b")).isEqualTo("a" + shown + "b");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("C4: bytes that are not UTF-8 are shown one by one")
  @CsvSource({
    "ff, \\xff",
    "80, \\x80",
    "c3, \\xc3",
    "c3 28, \\xc3(",
    "c0 af, \\xc0\\xaf",
    "c1 bf, \\xc1\\xbf",
    "e0 80 af, \\xe0\\x80\\xaf",
    "e0 9f bf, \\xe0\\x9f\\xbf",
    "e4 b8, \\xe4\\xb8",
    "ed a0 80, \\xed\\xa0\\x80",
    "f0 80 80 af, \\xf0\\x80\\x80\\xaf",
    "f0 9f 98, \\xf0\\x9f\\x98",
    "f4 90 80 80, \\xf4\\x90\\x80\\x80",
    "f5 80 80 80, \\xf5\\x80\\x80\\x80",
    "fe, \\xfe",
  })
  void bytes_that_are_not_utf8_are_shown_one_by_one(String hex, String shown) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

    assertThat(Escaped.display(bytes, 0, bytes.length)).isEqualTo(shown);
    assertThat(Escaped.isUtf8(bytes)).isFalse();
  }

  @Test
  void a_part_of_an_array_is_shown_without_what_is_around_it() {
    byte[] bytes = "a\u00fcb".getBytes(UTF_8);

    assertThat(Escaped.display(bytes, 1, 2)).isEqualTo("\u00fc");
    assertThat(Escaped.display(bytes, 1, 1)).isEqualTo("\\xc3");
    assertThat(Escaped.display(bytes, 2, 2)).isEqualTo("\\xbcb");
    assertThat(Escaped.display(bytes, 2, 0)).isEmpty();
  }

  @Test
  @DisplayName("B19: no random bytes show a control character, and all tell their bytes")
  void no_random_bytes_show_a_control_character() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = randomBytes(random);

      String shown = Escaped.display(bytes, 0, bytes.length);

      assertThat(shown.codePoints().noneMatch(EscapedTest::isDangerous))
          .as("seed %d round %d: %s", seed, round, shown)
          .isTrue();
      assertThat(unescaped(shown)).as("seed %d round %d: %s", seed, round, shown).isEqualTo(bytes);
    }
  }

  private static byte[] randomBytes(SplittableRandom random) {
    if (random.nextBoolean()) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      return bytes;
    }
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int codePoint = random.nextInt(1 << random.nextInt(5, 21));
      text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? '\\' : codePoint);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static boolean isDangerous(int codePoint) {
    return Character.isISOControl(codePoint)
        || Character.getType(codePoint) == Character.FORMAT
        || Character.getType(codePoint) == Character.SURROGATE
        || !Character.isDefined(codePoint);
  }

  /** The slow and obvious way back: what was shown must tell every byte. */
  private static byte[] unescaped(String shown) {
    var out = new ByteArrayOutputStream();
    int at = 0;
    while (at < shown.length()) {
      int codePoint = shown.codePointAt(at);
      at += Character.charCount(codePoint);
      if (codePoint != '\\') {
        out.writeBytes(Character.toString(codePoint).getBytes(UTF_8));
        continue;
      }
      char letter = shown.charAt(at++);
      int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
      int value =
          switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '\\' -> '\\';
            default -> Integer.parseInt(shown.substring(at, at + digits), 16);
          };
      at += digits;
      String text = letter == 'x' ? Character.toString((char) value) : Character.toString(value);
      out.writeBytes(text.getBytes(letter == 'x' ? ISO_8859_1 : UTF_8));
    }
    return out.toByteArray();
  }
}
