package io.driftless.protocol.wire;

import java.io.IOException;

/** A session or connection can't be had, or is gone. */
public final class WireException extends IOException {
  private static final long serialVersionUID = 1;

  /** Whether to try again. */
  public enum Retry {
    /** It may help: the network, or a peer that is away. */
    WORTHWHILE,
    /** It won't, until somebody changes something. */
    POINTLESS
  }

  private final String slug;
  private final String hint;
  private final Retry retry;

  public WireException(String slug, String message, String hint, Retry retry) {
    super(message);
    this.slug = slug;
    this.hint = hint;
    this.retry = retry;
  }

  WireException(String slug, String message, String hint, Retry retry, Throwable cause) {
    super(message, cause);
    this.slug = slug;
    this.hint = hint;
    this.retry = retry;
  }

  static WireException of(SessionEnd end) {
    return new WireException(
        end.slug(),
        end.message(),
        end.hint(),
        end.cause() == SessionEnd.Cause.BROKEN ? Retry.WORTHWHILE : Retry.POINTLESS);
  }

  /** Short and stable, for programs. */
  public String slug() {
    return slug;
  }

  /** One line: what to do next, may be empty. */
  public String hint() {
    return hint;
  }

  public Retry retry() {
    return retry;
  }
}
