package io.driftless.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import java.util.Base64;
import java.util.List;

/** A path below the root of a volume, as a person writes it. */
final class TreePathOption {
  private static final char NOT_IN_THIS_LOCALE = '\ufffd';

  private TreePathOption() {}

  /**
   * The path that is meant; {@code .} is the root of the volume.
   *
   * @throws CommandFailure if it is absolute, leads out, or can't be read
   */
  static TreePath parse(String text) throws CommandFailure {
    if (text.startsWith("/")) {
      throw wrong(text, "is absolute", "write it from the root of the volume on, as in etc/hosts");
    }
    if (text.indexOf(NOT_IN_THIS_LOCALE) >= 0) {
      throw wrong(
          text,
          "has bytes that are no text in this locale",
          "use a UTF-8 locale, or --path-bytes with the path in base64");
    }
    String path = text;
    while (path.startsWith("./")) {
      path = path.substring(2);
    }
    if (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.equals(".") || path.isEmpty() && text.startsWith("./")
        ? TreePath.ROOT
        : parse(text, path.getBytes(UTF_8));
  }

  private static TreePath parse(String text, byte[] bytes) throws CommandFailure {
    try {
      if (bytes.length == 0) {
        throw new IllegalArgumentException("is empty");
      }
      return TreePath.of(bytes);
    } catch (IllegalArgumentException e) {
      boolean leadsAway = List.of(text.split("/", -1)).contains("..");
      throw wrong(
          text,
          leadsAway ? "leads out of where it begins" : "is no path in a volume",
          "write names joined by single slashes, from the root of the volume on; . is the root");
    }
  }

  /** As {@link #parse}, of bytes in base64, for names that are no text. */
  static TreePath parseBase64(String text) throws CommandFailure {
    try {
      return TreePath.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw wrong(text, "is no path in base64", "take pathBytes from the JSON of another command");
    }
  }

  private static CommandFailure wrong(String text, String what, String hint) {
    return new CommandFailure(
        ExitCode.USAGE, "path", "\"%s\" %s".formatted(Escaped.display(text), what), hint);
  }
}
