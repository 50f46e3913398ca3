package io.driftless.perf.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.driftless.perf.contender.Follower.Standing;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Asks a source agent how it stands, without the start of a command each time. */
record ControlSocket(Path path) {
  private static final byte[] STATUS_REQUEST =
      "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(UTF_8);

  Standing standing(String volume) throws IOException {
    for (JsonElement each : status().getAsJsonArray("volumes")) {
      JsonObject fields = each.getAsJsonObject();
      if (fields.get("name").getAsString().equals(volume)) {
        return standing(fields);
      }
    }
    throw new IOException("the agent knows of no volume " + volume);
  }

  private static Standing standing(JsonObject fields) throws IOException {
    if (fields.get("replication").isJsonNull()) {
      throw new IOException("the target doesn't follow: " + fields);
    }
    JsonElement lag = fields.get("lagSeconds");
    return new Standing(
        fields.get("state").getAsString(),
        lag.isJsonNull() ? Double.POSITIVE_INFINITY : lag.getAsDouble(),
        fields.get("dirtyEntries").getAsLong(),
        fields.getAsJsonObject("replication").get("overflows").getAsLong());
  }

  private JsonObject status() throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap(STATUS_REQUEST)); // less than a socket takes at once
      String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
      int body = answer.indexOf("\r\n\r\n");
      if (!answer.startsWith("HTTP/1.1 200 ") || body < 0) {
        throw new IOException("the agent answered: " + answer);
      }
      return JsonParser.parseString(answer.substring(body)).getAsJsonObject();
    }
  }
}
