package io.driftless.cli.config;

import io.driftless.protocol.tree.Escaped;
import java.nio.file.Path;
import org.tomlj.TomlPosition;

/** Where something stands in a file. Lines and columns count from 1. */
record Place(Path file, int line, int column) {
  static Place of(Path file, TomlPosition position) {
    return new Place(file, position.line(), position.column());
  }

  @Override
  public String toString() {
    return "%s:%d:%d".formatted(Escaped.display(file.toString()), line, column);
  }
}
