package io.driftless.perf.contender;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.OptionalLong;

/** Reads what a pass of Driftless says with {@code --json}. */
final class PassOutput {
  private PassOutput() {}

  static OptionalLong wireBytes(String output) {
    JsonObject pass = JsonParser.parseString(output).getAsJsonObject();
    return OptionalLong.of(
        pass.get("wireBytesSent").getAsLong() + pass.get("wireBytesReceived").getAsLong());
  }
}
