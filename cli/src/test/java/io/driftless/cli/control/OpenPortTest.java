package io.driftless.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.cli.command.FakeSource;
import io.driftless.cli.command.FakeTarget;
import io.driftless.cli.command.Samples;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.source.session.VolumeTotals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers and health, at the control socket and at a port. */
final class OpenPortTest {
  private static final Pattern NAME = Pattern.compile("^([a-z_]+)[{ ]", Pattern.MULTILINE);

  @TempDir Path directory;
  private final FakeSource source = new FakeSource("www");
  private Home home;
  private ControlServer server;
  private String address;

  @BeforeEach
  void start() throws IOException {
    home = new Homes(Path.of("/"), Optional.of(directory), Optional.empty()).of(AgentRole.SOURCE);
    source.replicates("www", FakeSource.following(Duration.ofMillis(18)));
    source.finished(Samples.done("www"));
    source.total("www", new VolumeTotals(2, 1.5, 10, 20, 33, 4, 5, 6, 7, 8));
    address = "127.0.0.1:" + freePort();
    server = ControlServer.start(home, source, () -> {}, "1.0.0").alsoOn(Optional.of(address));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + address + path))
              .timeout(Duration.ofSeconds(20))
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void the_numbers_of_a_source_have_the_names_of_the_contract() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("# TYPE driftless_lag_seconds gauge\n")
        .contains("# TYPE driftless_bytes_total counter\n")
        .contains("driftless_lag_seconds{volume=\"www\"} 0.018\n")
        .contains("driftless_bytes_total{kind=\"wire\",volume=\"www\"} 33.0\n")
        .contains("driftless_files_total{result=\"renamed\",volume=\"www\"} 5.0\n")
        .contains("driftless_pass_seconds_count{volume=\"www\"} 2")
        .contains("driftless_pass_seconds_sum{volume=\"www\"} 1.5\n")
        .contains("driftless_volume_state{state=\"replicating\",volume=\"www\"} 1.0\n")
        .contains("driftless_volume_state{state=\"held\",volume=\"www\"} 0.0\n")
        .contains("driftless_connected{peer=\"newhoster\"} 1.0\n")
        .contains("driftless_build_info{role=\"source\",version=\"1.0.0\"} 1");
    var names = new TreeSet<String>();
    NAME.matcher(response.body()).results().forEach(found -> names.add(found.group(1)));
    assertThat(names)
        .containsExactlyInAnyOrder(
            "driftless_build_info",
            "driftless_bytes_total",
            "driftless_certificate_expiry_timestamp_seconds",
            "driftless_connected",
            "driftless_dirty_entries",
            "driftless_files_total",
            "driftless_lag_seconds",
            "driftless_last_pass_timestamp_seconds",
            "driftless_pass_seconds_count",
            "driftless_pass_seconds_sum",
            "driftless_problems",
            "driftless_throttle_bits_per_second",
            "driftless_volume_state",
            "driftless_watch_overflows_total");
    assertThat(new HttpExchange(home.socket(), Duration.ofSeconds(10)).send("GET", "/metrics", ""))
        .extracting(HttpExchange.Response::body)
        .isEqualTo(response.body());
  }

  @Test
  void a_guard_that_holds_has_a_number() throws Exception {
    source.finished(Samples.refused("www"));
    source.replicates(
        "www",
        new FakeSource.Replication(
            State.HELD, "held", "", FakeSource.following(Duration.ZERO).detail()));

    assertThat(send("GET", "/metrics").body())
        .contains("driftless_guard_active{guard=\"too-many-deletes\",volume=\"www\"} 1.0\n")
        .contains("driftless_last_pass_timestamp_seconds{volume=\"www\"} 1.79");
  }

  @Test
  void the_control_api_is_not_at_the_port() throws Exception {
    assertThat(send("GET", "/v1/status").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/v1/volumes/www/passes").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/metrics/").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(source.pauses()).isEmpty();
  }

  @Test
  void what_stands_still_is_not_healthy() throws Exception {
    assertThat(send("GET", "/healthz"))
        .extracting(HttpResponse::statusCode, HttpResponse::body)
        .containsExactly(200, "ok\n");
    source.replicates(
        "www",
        new FakeSource.Replication(
            State.HELD, "secret/path", "", FakeSource.following(Duration.ZERO).detail()));
    assertThat(send("GET", "/healthz"))
        .extracting(HttpResponse::statusCode, HttpResponse::body)
        .containsExactly(503, "critical\n");
  }

  @Test
  void a_port_that_is_taken_is_said_in_one_line() throws IOException {
    Path other = directory.resolve("other");
    java.nio.file.Files.createDirectory(other);
    Home second =
        new Homes(Path.of("/"), Optional.of(other), Optional.empty()).of(AgentRole.SOURCE);

    assertThatThrownBy(() ->
            ControlServer.start(second, source, () -> {}, "1.0.0").alsoOn(Optional.of(address)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("cannot listen on " + address);
    assertThat(second.socket()).doesNotExist();
  }

  @Test
  void a_target_has_numbers_too() throws Exception {
    server.close();
    server =
        ControlServer.start(home, new FakeTarget(), () -> {}, "1.0.0").alsoOn(Optional.of(address));

    assertThat(send("GET", "/metrics").body())
        .contains("driftless_target_free_bytes{volume=\"www\"} 4096.0\n")
        .contains("driftless_volume_state{state=\"blocked\",volume=\"www\"} 1.0\n");
    assertThat(send("GET", "/healthz").statusCode()).isEqualTo(503);
  }
}
