package io.driftless.protocol.identity;

import java.io.IOException;

/** Something isn't acceptable, and repeating it can't help: see {@link #refusal}. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.toString());
    this.refusal = refusal;
  }

  RefusedException(Refusal.Reason reason, String what, String next) {
    this(new Refusal(reason, what, next));
  }

  RefusedException(Refusal refusal, Throwable cause) {
    super(refusal.toString(), cause);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
