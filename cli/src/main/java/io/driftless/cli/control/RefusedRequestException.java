package io.driftless.cli.control;

/** A request that can't be answered; the caller is told why. */
final class RefusedRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String slug;
  private final String hint;

  RefusedRequestException(int status, String slug, String message, String hint) {
    super(message);
    this.status = status;
    this.slug = slug;
    this.hint = hint;
  }

  static RefusedRequestException noSuchThing() {
    return new RefusedRequestException(
        ControlAnswer.NOT_FOUND,
        "no-such-path",
        "there is nothing at this path",
        "begin at /v1/status");
  }

  /**
   * For a path that is there.
   *
   * @param allowed the methods that it knows
   */
  static RefusedRequestException wrongMethod(String method, String allowed) {
    return new RefusedRequestException(
        ControlAnswer.METHOD_NOT_ALLOWED,
        "wrong-method",
        method + " can't be used here",
        "use " + allowed);
  }

  int status() {
    return status;
  }

  String slug() {
    return slug;
  }

  String hint() {
    return hint;
  }
}
