package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A short list that is kept in one private file, a line per entry, or in memory only.
 *
 * <p>Several processes may change it, the daemon and a command for example: a change holds the
 * file's lock, starts from what the file says, and replaces the file as a whole. A line that can't
 * be understood makes the whole ledger unusable, since to skip it could let somebody in. Safe for
 * concurrent use; changes block.
 */
final class Ledger<E> {
  /** How entries stand in the file. */
  record Format<E>(String header, Function<FieldLine, E> read, Function<E, FieldLine> write) {}

  /** A change to the list, which it may edit in place; what it returns is handed on. */
  interface Change<E, R> {
    R apply(List<E> entries) throws RefusedException;
  }

  private final @Nullable PrivateDirectory directory;
  private final String name;
  private final Format<E> format;
  private volatile List<E> entries = List.of();
  private Map<String, Object> stamp = Map.of();

  private Ledger(@Nullable PrivateDirectory directory, String name, Format<E> format) {
    this.directory = directory;
    this.name = name;
    this.format = format;
  }

  static <E> Ledger<E> inMemory(Format<E> format) {
    return new Ledger<>(null, "", format);
  }

  static <E> Ledger<E> in(PrivateDirectory directory, String name, Format<E> format)
      throws IOException {
    Ledger<E> ledger = new Ledger<>(directory, name, format);
    ledger.refresh();
    return ledger;
  }

  /** The entries as this process knows them; doesn't block. */
  List<E> entries() {
    return entries;
  }

  /** Reads the file if another process has changed it. */
  synchronized void refresh() throws IOException {
    if (directory == null) {
      return;
    }
    Map<String, Object> now = directory.stamp(name);
    if (!now.equals(stamp)) {
      // If it changes between the two, the stamp is the older one and it will be read again.
      entries = read(directory);
      stamp = now;
    }
  }

  /** Changes the list; nothing is changed if it throws. Durable when it returns. */
  synchronized <R> R change(Change<E, R> change) throws IOException {
    if (directory == null) {
      return apply(change);
    }
    try (FileGuard _ = directory.lock(name)) {
      refresh();
      return apply(change);
    }
  }

  private <R> R apply(Change<E, R> change) throws IOException {
    List<E> edited = new ArrayList<>(entries);
    R result = change.apply(edited);
    if (!edited.equals(entries)) {
      if (directory != null) {
        write(directory, edited);
      }
      entries = List.copyOf(edited);
    }
    return result;
  }

  private void write(PrivateDirectory into, List<E> list) throws IOException {
    StringBuilder text = new StringBuilder(format.header()).append('\n');
    for (E entry : list) {
      text.append(format.write().apply(entry)).append('\n');
    }
    into.write(name, text.toString().getBytes(UTF_8));
    stamp = into.stamp(name);
  }

  private List<E> read(PrivateDirectory from) throws IOException {
    byte[] content = from.read(name).orElse(null);
    if (content == null) {
      return List.of();
    }
    List<String> lines = new String(content, UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(format.header())) {
      throw damaged(from, 1, "it doesn't begin with \"%s\"".formatted(format.header()));
    }
    List<E> read = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        read.add(format.read().apply(FieldLine.parse(lines.get(i))));
      } catch (RuntimeException e) { // each of the many value types has its own
        throw damaged(from, i + 1, String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(read);
  }

  private RefusedException damaged(PrivateDirectory from, int line, String why) {
    return new RefusedException(
        Reason.IDENTITY_DAMAGED,
        "%s, line %d: %s".formatted(from.path().resolve(name), line, why),
        "correct the line, or restore the file from a backup");
  }
}
