package io.driftless.cli.control;

/** What anybody may ask who reaches the port: numbers and health, never the control API. */
final class OpenRoutes implements Answers {
  private final ControlRoutes routes;

  OpenRoutes(ControlRoutes routes) {
    this.routes = routes;
  }

  @Override
  public ControlAnswer answer(ControlRequest request) {
    if (request.path().equals(ControlRoutes.METRICS)
        || request.path().equals(ControlRoutes.HEALTH)) {
      return routes.answer(request);
    }
    return ControlAnswer.line(
        ControlAnswer.NOT_FOUND, "there are /metrics and /healthz, and nothing else");
  }
}
