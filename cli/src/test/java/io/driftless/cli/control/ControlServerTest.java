package io.driftless.cli.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.driftless.cli.command.FakeSource;
import io.driftless.cli.command.FakeTarget;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ControlServerTest {
  @TempDir Path directory;
  private final FakeSource source = new FakeSource("www");
  private Home home;
  private ControlServer server;

  @BeforeEach
  void start() throws IOException {
    home = new Homes(Path.of("/"), Optional.of(directory), Optional.empty()).of(AgentRole.SOURCE);
    server = ControlServer.start(home, source, () -> {}, "1.0.0");
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private HttpExchange.Response send(String method, String path, String body) throws IOException {
    return new HttpExchange(home.socket(), Duration.ofSeconds(10)).send(method, path, body);
  }

  /** What comes back for raw bytes, until the server closes. */
  private String raw(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(home.socket()));
      channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      var all = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      try {
        while (channel.read(buffer) >= 0) {
          all.write(buffer.array(), 0, buffer.position());
          buffer.clear();
        }
      } catch (IOException e) {
        // A connection that was reset has ended, too.
      }
      return all.toString(UTF_8);
    }
  }

  @Test
  @DisplayName("B17: only its owner may use the socket")
  void the_socket_is_for_its_owner_only() throws IOException {
    assertThat(Files.getPosixFilePermissions(home.socket()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void every_object_says_schema_agent_and_version() throws IOException {
    HttpExchange.Response response = send("GET", "/v1/status", "");

    assertThat(response.status()).isEqualTo(200);
    assertThat(JsonText.parse(response.body()).get("schema").getAsInt()).isEqualTo(1);
    assertThat(response.body()).contains("\"agent\":\"web1\",\"version\":\"1.0.0\"");
  }

  @Test
  void who_waits_for_a_pass_is_told_at_its_end_and_keeps_nobody_waiting() throws Exception {
    var end = new CountDownLatch(1);
    source.endsWith(end);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpExchange.Response> waiting =
          other.submit(() -> send("GET", "/v1/volumes/www/passes/5?waitMillis=9000", ""));
      source.awaitWaiter();

      assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
      assertThat(waiting.isDone()).isFalse();

      end.countDown();
      assertThat(waiting.get(5, TimeUnit.SECONDS).body()).contains("no-such-pass");
    }
  }

  @Test
  void answers_keep_the_order_of_requests_of_which_one_waits() throws IOException {
    source.endsWith(new CountDownLatch(1));

    String answers =
        raw(
            "GET /v1/volumes/www/passes/5?waitMillis=50 HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answers).containsSubsequence("no-such-pass", "\"volumes\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/|404|no-such-path",
        "GET|/v2/status|404|no-such-path",
        "GET|/v1/nothing|404|no-such-path",
        "GET|/v1/volumes/www|404|no-such-path",
        "PUT|/v1/status|405|wrong-method",
        "PUT|/v1/volumes/www/passes|405|wrong-method",
        "GET|/v1/volumes/mail/passes|404|unknown-volume",
        "GET|/v1/volumes/www/passes/x|400|bad-request",
        "GET|/v1/volumes/www/passes/5|404|no-such-pass",
        "GET|/v1/volumes/www/passes/5?waitMillis=soon|400|bad-request",
        "GET|/v1/volumes/mail/passes/5?waitMillis=10|404|unknown-volume",
        "DELETE|/v1/volumes/www/passes/5|404|no-such-pass",
        "GET|/v1/volumes/www/problems?offset=-1|400|bad-request",
        "GET|/v1/volumes/www/problems?limit=100000|400|bad-request",
        "GET|/v1/volumes/%1b%5b2J/passes|404|unknown-volume",
      })
  void what_cannot_be_answered_says_why(String method, String path, int status, String slug)
      throws IOException {
    HttpExchange.Response response = send(method, path, "");

    assertThat(response.status()).isEqualTo(status);
    JsonObject error = JsonText.parse(response.body()).getAsJsonObject("error");
    assertThat(error.get("slug").getAsString()).isEqualTo(slug);
    assertThat(error.get("hint").getAsString()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST|/v1/invitations|{|400|bad-request|any of addresses, agent",
        "POST|/v1/invitations|{\"ttl\":1}|400|bad-request|send nothing or",
        "POST|/v1/invitations|{\"volumes\":[\"nothing\"]}|400|invitation|driftless status",
        "GET|/v1/reload||405|wrong-method|use POST",
        "POST|/v1/volumes/www/passes|{}|404|wrong-role|ask the agent of the source",
        "PUT|/v1/invitations|{}|405|wrong-method|use POST",
        "DELETE|/v1/agents/nobody||404|unknown-agent|driftless target agents",
      })
  void what_a_target_cannot_answer_says_what_to_do(
      String method, String path, @Nullable String body, int status, String slug, String next)
      throws IOException {
    server.close();
    home = new Homes(Path.of("/"), Optional.of(directory), Optional.empty()).of(AgentRole.TARGET);
    Files.writeString(home.config(), "name = \"new\"\nlisten = \":7440\"\n");
    server = ControlServer.start(home, new FakeTarget(), () -> {}, "1.0.0");

    HttpExchange.Response response = send(method, path, body == null ? "" : body);

    assertThat(response.status()).as(response.body()).isEqualTo(status);
    JsonObject error = JsonText.parse(response.body()).getAsJsonObject("error");
    assertThat(error.get("slug").getAsString()).isEqualTo(slug);
    assertThat(error.get("hint").getAsString()).contains(next);
  }

  @Test
  void a_request_with_unknown_fields_is_refused() throws IOException {
    for (String body : new String[] {"{\"delete\":true}", "[]", "{", "{\"effect\":7}"}) {
      HttpExchange.Response refused = send("POST", "/v1/volumes/www/passes", body);
      assertThat(refused.status()).as(body).isEqualTo(400);
      assertThat(refused.body())
          .contains("any of allowDeletes, allowDeletesMax, content, deleteExcluded, effect, path");
    }
    assertThat(send("POST", "/v1/volumes/www/passes", "").status()).isEqualTo(202);
  }

  @Test
  @DisplayName("B17: a request is bounded")
  void what_is_too_large_or_no_http_ends_the_connection() throws IOException {
    assertThat(raw("GET /v1/" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .doesNotContain("200 OK");
    assertThat(raw("POST /v1/volumes/www/passes HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(raw("\u0000\u0001garbage\r\n\r\n")).doesNotContain("200 OK");
    assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
  }

  @Test
  void a_connection_may_ask_several_times() throws IOException {
    String one = "GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n";
    String last = "GET /v1/status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    assertThat(raw(one + last).split("HTTP/1.1 200 OK", -1)).hasSize(3);
  }

  @Test
  void a_socket_that_answers_is_left_alone() {
    assertThatThrownBy(() -> ControlServer.start(home, new FakeSource("www"), () -> {}, "1.0.0"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("is answered by another agent");
    assertThat(home.socket()).exists();
  }

  @Test
  void a_socket_that_was_left_over_is_replaced() throws IOException {
    server.close();
    assertThat(home.socket()).doesNotExist();
    ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    killed.bind(UnixDomainSocketAddress.of(home.socket()));
    killed.close();
    assertThat(home.socket()).exists();

    server = ControlServer.start(home, new FakeSource("www"), () -> {}, "1.0.0");

    assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
  }

  @Test
  void something_else_in_its_place_is_left_alone() throws IOException {
    server.close();
    Files.writeString(home.socket(), "precious");

    assertThatThrownBy(() -> ControlServer.start(home, new FakeSource("www"), () -> {}, "1.0.0"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("is not a socket");
    assertThat(home.socket()).hasContent("precious");
    Files.delete(home.socket());
    server = ControlServer.start(home, new FakeSource("www"), () -> {}, "1.0.0");
  }
}
