package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads the fields of an object strictly: what is missing or of another type is an error. */
public record Fields(JsonObject object) {
  public String text(String name) {
    return optionalText(name).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalText(String name) {
    return present(name).map(element -> read(name, () -> string(element)));
  }

  public long number(String name) {
    return present(name)
        .map(element -> read(name, element::getAsLong))
        .orElseThrow(() -> missing(name));
  }

  public double fraction(String name) {
    return present(name)
        .map(element -> read(name, element::getAsDouble))
        .orElseThrow(() -> missing(name));
  }

  public Optional<Double> optionalFraction(String name) {
    return present(name).map(element -> read(name, element::getAsDouble));
  }

  public boolean flag(String name) {
    return present(name)
        .map(element -> read(name, () -> bool(element)))
        .orElseThrow(() -> missing(name));
  }

  public Instant instant(String name) {
    return optionalInstant(name).orElseThrow(() -> missing(name));
  }

  public Optional<Instant> optionalInstant(String name) {
    return optionalText(name).map(text -> read(name, () -> Instant.parse(text)));
  }

  public Optional<Fields> optionalFields(String name) {
    return present(name).map(element -> read(name, () -> new Fields(element.getAsJsonObject())));
  }

  public List<Fields> list(String name) {
    return elements(name).stream()
        .map(element -> read(name, () -> new Fields(element.getAsJsonObject())))
        .toList();
  }

  public List<String> texts(String name) {
    return elements(name).stream().map(element -> read(name, () -> string(element))).toList();
  }

  public <E extends Enum<E>> E word(String name, Class<E> type) {
    return read(
        name, () -> Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  // The library would take 7 for a text and for false.
  private static String string(JsonElement element) {
    if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
      throw new IllegalStateException("not a text");
    }
    return element.getAsString();
  }

  private static boolean bool(JsonElement element) {
    if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
      throw new IllegalStateException("neither true nor false");
    }
    return element.getAsBoolean();
  }

  private List<JsonElement> elements(String name) {
    JsonArray array =
        present(name)
            .map(element -> read(name, element::getAsJsonArray))
            .orElseThrow(() -> missing(name));
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private Optional<JsonElement> present(String name) {
    @Nullable JsonElement element = object.get(name);
    return element == null || element.isJsonNull() ? Optional.empty() : Optional.of(element);
  }

  private static <T> T read(String name, java.util.function.Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | DateTimeException e) {
      throw new JsonParseException("the field " + name + " has an unexpected value", e);
    }
  }

  private static JsonParseException missing(String name) {
    return new JsonParseException("the field " + name + " is missing");
  }
}
