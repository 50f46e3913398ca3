package io.driftless.cli.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * JSON as text that is safe on a terminal and in a log.
 *
 * <p>Names from the file system stand in it as they are, so everything that a terminal could obey,
 * C1 controls and bidirectional overrides included, is written as {@code \}{@code uXXXX}: whoever
 * parses it gets the very name.
 */
public final class JsonText {
  private JsonText() {}

  public static String of(JsonElement element) {
    String plain = element.toString();
    var text = new StringBuilder(plain.length() + 16);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      // Beyond ASCII there are only the insides of strings, where an escape means the same.
      if (c > '~' && !isPlain(plain, i)) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isPlain(String text, int at) {
    char c = text.charAt(at);
    if (Character.isSurrogate(c)) {
      return false;
    }
    return Character.isLetterOrDigit(c);
  }

  /**
   * Parses one object.
   *
   * @throws com.google.gson.JsonParseException if it is none
   */
  public static JsonObject parse(String text) {
    JsonElement element = JsonParser.parseString(text);
    if (!element.isJsonObject()) {
      throw new com.google.gson.JsonParseException("not a JSON object");
    }
    return element.getAsJsonObject();
  }
}
