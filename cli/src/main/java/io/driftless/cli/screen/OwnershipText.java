package io.driftless.cli.screen;

import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who may write to a volume on the target, and how current its content is. */
public final class OwnershipText {
  private final Ownership volume;
  private final Moments moments;

  public OwnershipText(Ownership volume, Moments moments) {
    this.volume = volume;
    this.moments = moments;
  }

  /** Of a volume that is released: that it is, how current it is, and the way back. */
  public List<String> released() {
    var lines = new ArrayList<String>();
    lines.add("%s is released: %s may not write to it".formatted(volume.volume(), source()));
    volume.release().ifPresent(release -> addRelease(lines, release));
    lines.addAll(currency());
    lines.add("  back:      driftless target reclaim " + volume.volume());
    return lines;
  }

  private void addRelease(List<String> lines, Release release) {
    lines.add("  since:     " + moments.full(release.since()));
    if (!release.reason().isEmpty()) {
      lines.add("  reason:    " + Escaped.message(release.reason()));
    }
  }

  private String source() {
    return volume.agent().map(Escaped::display).orElse("its source");
  }

  /** How current the content is; what isn't known is said. */
  public List<String> currency() {
    var lines = new ArrayList<String>();
    lines.add("  current:   " + whole());
    volume
        .latest()
        .filter(pass -> pass.isOfChanges() && pass.isComplete())
        .ifPresent(pass ->
            lines.add(
                "  after it:  what %s noticed of its changes came over, too, last at %s"
                    .formatted(
                        Escaped.display(pass.source()),
                        pass.ended().map(moments::clockSeconds).orElse("-"))));
    volume.cut().ifPresent(pass -> lines.add("  after it:  " + cut(pass)));
    if (volume.doubtful() > 0) {
      lines.add(
          "  doubtful:  storage failed for %s: what they hold is not known"
              .formatted(Shown.count(volume.doubtful(), "entry", "entries")));
    }
    lines.add("  unknown:   what the source changed after that; it can't be told here");
    return lines;
  }

  private String whole() {
    if (volume.whole().isPresent()) {
      PassRecord pass = volume.whole().get();
      return "all that %s had when pass %d began, %s; it ended %s, %s"
          .formatted(
              Escaped.display(pass.source()),
              pass.number(),
              moments.full(pass.began()),
              pass.ended().map(moments::clockSeconds).orElse("-"),
              problems(pass));
    }
    return volume
        .durableAt()
        .map(this::wholeOfOld)
        .orElse("no pass has brought over everything yet: what is here is incomplete");
  }

  private String wholeOfOld(Instant began) {
    return "all that the source had at %s; the pass that began then was not written down further"
        .formatted(moments.full(began));
  }

  private static String problems(PassRecord pass) {
    return pass.problems() == 0
        ? "no problems"
        : Shown.count(pass.problems(), "problem", "problems")
            + (pass.problems() == 1 ? ", which is" : ", which are")
            + " not as the source has it";
  }

  private String cut(PassRecord pass) {
    String name =
        pass.isOfChanges()
            ? "a shipment of changes"
            : "pass %d%s".formatted(pass.number(), pass.isOfAll() ? "" : " of " + pass.below());
    String what = "%s, which began %s, ".formatted(name, moments.full(pass.began()));
    if (pass.ended().isEmpty()) {
      return what + "was cut with the agent: part of what it was to bring is here";
    }
    return what
        + switch (pass.outcome()) {
          case "cancelled" ->
              "was cut at %s: part of what it was to bring is here"
                  .formatted(pass.ended().map(moments::clockSeconds).orElse("-"));
          default ->
              "ended at %s with %s: %s"
                  .formatted(
                      pass.ended().map(moments::clockSeconds).orElse("-"),
                      Escaped.display(pass.outcome()),
                      Escaped.message(pass.detail()));
        };
  }
}
