package io.driftless.source.watch;

/**
 * How the changes of a volume are noticed.
 *
 * @param reason why it is not a better one, for people; empty for fanotify
 */
public record WatchMethod(Kind kind, String reason) {
  /** From the best to the worst. */
  public enum Kind {
    /** One mark for the whole file system. */
    FANOTIFY,
    /** One watch for each directory. */
    INOTIFY,
    /** Not at all: only passes find them. */
    NONE
  }

  static WatchMethod fanotify() {
    return new WatchMethod(Kind.FANOTIFY, "");
  }

  static WatchMethod inotify(String reason) {
    return new WatchMethod(Kind.INOTIFY, reason);
  }

  static WatchMethod none(String reason) {
    return new WatchMethod(Kind.NONE, reason);
  }
}
