package io.driftless.cli.metrics;

import io.driftless.protocol.pace.Throttle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** One text for Prometheus while it is put together. Names are dotted, without their unit. */
final class Exposition {
  private static final String SECONDS = "seconds";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  void gauge(String name, String help, double value, String... labels) {
    gauge(name, "", help, value, labels);
  }

  void seconds(String name, String help, double value, String... labels) {
    gauge(name, SECONDS, help, value, labels);
  }

  void moment(String name, String help, Instant moment, String... labels) {
    gauge(name, SECONDS, help, moment.toEpochMilli() / 1e3, labels);
  }

  void bytes(String name, String help, double value, String... labels) {
    gauge(name, "bytes", help, value, labels);
  }

  private void gauge(String name, String unit, String help, double value, String... labels) {
    Gauge.Builder<?> gauge = Gauge.builder(name, () -> value).description(help).tags(labels);
    (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
  }

  void counter(String name, String help, double value, String... labels) {
    FunctionCounter.builder(name, this, _ -> value)
        .description(help)
        .tags(labels)
        .register(registry);
  }

  void times(String name, String help, long count, double seconds, String... labels) {
    FunctionTimer.builder(name, this, _ -> count, _ -> seconds, TimeUnit.SECONDS)
        .description(help)
        .tags(labels)
        .register(registry);
  }

  void build(String version, String role) {
    gauge("driftless.build.info", "Version of the agent.", 1, "version", version, "role", role);
  }

  void throttle(Throttle throttle) {
    var limit = throttle.status().limits().wire().asOptional();
    gauge(
        "driftless.throttle.bits.per.second",
        "What may flow over the wire; infinite while nothing limits it.",
        limit.isPresent() ? limit.getAsLong() : Double.POSITIVE_INFINITY);
  }

  String text() {
    String text = registry.scrape();
    registry.close();
    return text;
  }
}
