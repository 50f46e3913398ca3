package io.driftless.cli.command;

import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ProgressText;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows passes to their end and shows how far they have come. Confined to one thread. */
final class PassWatch {
  /** Between two looks at a pass that goes on; its end is told at once. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final Duration LOOK_OFTEN = Duration.ofMillis(200);
  private static final Duration LINE_EVERY = Duration.ofSeconds(10);
  private static final Duration LINE_SELDOM = Duration.ofMinutes(1);
  private static final Duration OFTEN_FOR = Duration.ofMinutes(1);
  private static final Duration OBJECT_EVERY = Duration.ofSeconds(1);
  private static final Duration OBSTACLE_LOOKED_FOR_EVERY = Duration.ofSeconds(1);
  private static final Duration THROTTLE_LOOKED_AT_EVERY = Duration.ofSeconds(1);
  private static final Duration OBSTACLE_BORNE = Duration.ofSeconds(10);

  /** One pass that is followed. */
  private static final class Followed {
    final String volume;
    final long pass;
    final ProgressText text;
    @Nullable PassProgress last;
    @Nullable Instant obstacleSince;
    Instant obstacleLookedFor = Instant.MIN;

    Followed(String volume, long pass, ProgressText text) {
      this.volume = volume;
      this.pass = pass;
      this.text = text;
    }

    Optional<PassReport> report() {
      return Optional.ofNullable(last).flatMap(PassProgress::report);
    }
  }

  private final Root root;
  private final Passes passes;
  private final List<Followed> followed = new ArrayList<>();
  private final Instant begun;
  private Instant lastShown;
  private Instant nextThrottle;
  private Optional<ThrottleStatus> throttle = Optional.empty();

  PassWatch(Root root, Passes passes) {
    this.root = root;
    this.passes = passes;
    this.begun = now();
    this.lastShown = begun;
    this.nextThrottle = begun.plus(OBJECT_EVERY);
  }

  /**
   * Waits until passes that were asked for have ended.
   *
   * @param asked by volume
   * @return their reports, in the order in which they were asked for
   * @throws CommandFailure if the agent vanishes, or its target can't be reached
   */
  List<PassReport> await(Map<String, Long> asked) throws IOException, InterruptedException {
    for (Map.Entry<String, Long> each : asked.entrySet()) {
      follow(each.getKey(), each.getValue());
    }
    look(Duration.ZERO);
    while (open().isPresent()) {
      show();
      Instant due = now().plus(period());
      Optional<Followed> awaited = open();
      look(period());
      // An agent that does not wait is not asked all the time.
      if (open().equals(awaited) && now().isBefore(due)) {
        root.host().pause().pause(Duration.between(now(), due));
      }
    }
    root.terminal().settle();
    return followed.stream().map(each -> each.report().orElseThrow()).toList();
  }

  private Duration period() {
    boolean isLive = root.progress() == Root.ProgressForm.text && root.terminal().isLive();
    return isLive ? LOOK_OFTEN : LOOK_EVERY;
  }

  /** Looks at each pass, the first of those that have not ended after a wait for its end. */
  private void look(Duration wait) throws IOException, InterruptedException {
    Optional<Followed> first = open();
    for (Followed each : followed) {
      poll(each, first.equals(Optional.of(each)) ? wait : Duration.ZERO);
    }
  }

  private Optional<Followed> open() {
    return followed.stream().filter(each -> each.report().isEmpty()).findFirst();
  }

  private void follow(String volume, long pass) throws IOException {
    followed.add(
        new Followed(
            volume, pass, new ProgressText(root.host().moments(), passes.entriesBefore(volume))));
  }

  private void poll(Followed each, Duration wait) throws IOException, InterruptedException {
    if (each.report().isPresent()) {
      return;
    }
    if (root.progress() != Root.ProgressForm.none && !now().isBefore(nextThrottle)) {
      nextThrottle = now().plus(THROTTLE_LOOKED_AT_EVERY);
      throttle = passes.throttle();
    }
    PassProgress progress = passes.progress(each.volume, each.pass, wait);
    each.text.throttle(throttle);
    each.last = progress;
    each.text.update(progress);
    if (progress.phase() == PassProgress.Phase.QUEUED) {
      lookForObstacle(each);
    } else {
      each.obstacleSince = null;
    }
  }

  /** A pass that can't begin stays queued; whoever waits is told after a while. */
  private void lookForObstacle(Followed each) throws IOException {
    Instant now = now();
    if (now.isBefore(each.obstacleLookedFor)) {
      return;
    }
    each.obstacleLookedFor = now.plus(OBSTACLE_LOOKED_FOR_EVERY);
    Optional<String> obstacle = passes.obstacle(each.volume);
    if (obstacle.isEmpty()) {
      each.obstacleSince = null;
      return;
    }
    Instant since = each.obstacleSince == null ? now : each.obstacleSince;
    each.obstacleSince = since;
    if (!now.isBefore(since.plus(OBSTACLE_BORNE))) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "target-unreachable",
          obstacle.get(),
          "pass %d of %s stays queued and begins by itself; driftless cancel %s withdraws it"
              .formatted(each.pass, each.volume, each.volume));
    }
  }

  private void show() {
    switch (root.progress()) {
      case none -> {}
      case json -> showEvery(OBJECT_EVERY, this::showObject);
      case text -> {
        if (root.terminal().isLive()) {
          current().ifPresent(each -> root.terminal().replace(line(each)));
        } else {
          boolean often = now().isBefore(begun.plus(OFTEN_FOR).plus(LOOK_EVERY));
          showEvery(often ? LINE_EVERY : LINE_SELDOM, each -> root.terminal().remark(line(each)));
        }
      }
    }
  }

  private void showEvery(Duration period, java.util.function.Consumer<Followed> shower) {
    Instant now = now();
    if (now.isBefore(lastShown.plus(period))) {
      return;
    }
    lastShown = now;
    followed.stream().filter(each -> each.report().isEmpty()).forEach(shower);
  }

  private void showObject(Followed each) {
    if (each.last != null) {
      root.terminal().remark(JsonText.of(each.text.json(each.last)));
    }
  }

  /** The pass that a single line is about: the first that moves, else the first that waits. */
  private Optional<Followed> current() {
    List<Followed> open = followed.stream().filter(each -> each.report().isEmpty()).toList();
    return open.stream()
        .filter(each -> each.last != null && each.last.phase() != PassProgress.Phase.QUEUED)
        .findFirst()
        .or(() -> open.stream().findFirst());
  }

  /**
   * Says what goes on without whoever watched it: passes belong to the agent, only the view ends.
   *
   * @param what the volumes, or something of them
   */
  static ExitCode detach(Root root, String what, List<String> volumes) {
    root.terminal()
        .remark(
            "%s goes on in the agent; driftless status shows it, driftless cancel %s ends it"
                .formatted(what, String.join(" ", volumes)));
    return ExitCode.DETACHED;
  }

  private static String line(Followed each) {
    return each.last == null ? each.volume + "  waiting" : each.text.line(each.last);
  }

  private Instant now() {
    return root.host().moments().now();
  }
}
