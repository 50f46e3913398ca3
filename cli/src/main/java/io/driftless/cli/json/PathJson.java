package io.driftless.cli.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import java.util.Base64;

/**
 * Paths in JSON: {@code path} is the very path where it is UTF-8; where it isn't, {@code path} is
 * for people and {@code pathBytes} has the bytes. The root is {@code .}.
 */
final class PathJson {
  private static final String ROOT = ".";

  private PathJson() {}

  static void add(JsonObject object, TreePath path) {
    byte[] bytes = path.toBytes();
    if (path.isRoot()) {
      object.addProperty("path", ROOT);
    } else if (Escaped.isUtf8(bytes)) {
      object.addProperty("path", new String(bytes, UTF_8));
    } else {
      object.addProperty("path", path.toString());
      object.addProperty("pathBytes", Base64.getEncoder().encodeToString(bytes));
    }
  }

  static TreePath read(Fields fields) {
    String text = fields.text("path");
    try {
      return fields
          .optionalText("pathBytes")
          .map(base64 -> TreePath.of(Base64.getDecoder().decode(base64)))
          .orElseGet(() -> text.equals(ROOT) ? TreePath.ROOT : TreePath.of(text));
    } catch (IllegalArgumentException e) {
      throw new JsonParseException("the field path holds no path", e);
    }
  }
}
