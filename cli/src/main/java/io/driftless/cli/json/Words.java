package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Small values as they stand in JSON. */
final class Words {
  private Words() {}

  /** {@code CATCHING_UP} as {@code catching-up}. */
  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static JsonElement orNull(Optional<?> value) {
    return value
        .<JsonElement>map(present -> new JsonPrimitive(present.toString()))
        .orElse(JsonNull.INSTANCE);
  }

  static JsonArray texts(List<String> texts) {
    var array = new JsonArray(texts.size());
    texts.forEach(array::add);
    return array;
  }
}
