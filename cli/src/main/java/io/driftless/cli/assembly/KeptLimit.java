package io.driftless.cli.assembly;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.driftless.cli.home.OwnFile;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.protocol.pace.ManualLimit;
import io.driftless.protocol.pace.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A limit that was set by hand, in a small file in the state of an agent. */
final class KeptLimit implements Throttle.Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(KeptLimit.class);

  private final Path file;

  KeptLimit(Path state) {
    file = state.resolve("throttle.json");
  }

  @Override
  public Optional<ManualLimit> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ThrottleJson.readManual(
              JsonParser.parseString(Files.readString(file)).getAsJsonObject()));
    } catch (IOException | JsonParseException | IllegalStateException e) {
      LOG.error("the limit that was set by hand can't be read, the calendar holds: {}", file, e);
      return Optional.empty();
    }
  }

  @Override
  public void write(Optional<ManualLimit> limit) throws IOException {
    if (limit.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    OwnFile.replace(file, ThrottleJson.of(limit.get()).toString());
  }
}
