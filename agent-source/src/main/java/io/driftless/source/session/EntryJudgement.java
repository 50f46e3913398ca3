package io.driftless.source.session;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.LookMessage.Presence;
import io.driftless.protocol.message.LookMessage.Treatment;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Kind;
import io.driftless.source.scan.Exclusions;
import io.driftless.source.session.EntryInquiry.Memory;
import io.driftless.source.session.EntryInquiry.Question;
import io.driftless.source.session.EntrySight.Seen;
import io.driftless.source.session.Explanation.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes one answer of what both sides saw of an entry. */
final class EntryJudgement {
  private static final String BUSY = "busy";

  private final String volume;
  private final Question question;
  private final Exclusions exclusions;
  private final FileStatus rootStatus;
  private final Memory memory;

  EntryJudgement(
      String volume,
      Question question,
      Exclusions exclusions,
      FileStatus rootStatus,
      Memory memory) {
    this.volume = volume;
    this.question = question;
    this.exclusions = exclusions;
    this.rootStatus = rootStatus;
    this.memory = memory;
  }

  /**
   * What both sides saw.
   *
   * @param isUnchanged the source's entry was the same before and after
   * @param content of the source's file, where it is compared and held still
   */
  record Sides(Seen here, boolean isUnchanged, Optional<ContentSum> content, Looked there) {
    Optional<Kind> kindHere() {
      return switch (here) {
        case Seen.Present present -> Optional.of(present.entry().kind());
        case Seen.Unreadable unreadable -> unreadable.kind();
        case Seen.Absent _, Seen.Mounted _, Seen.Outside _ -> Optional.empty();
      };
    }

    boolean isThere() {
      return there.presence() == Presence.PRESENT;
    }
  }

  /** What was found, and one line on it. */
  private record Verdict(Finding finding, String reason) {}

  Explanation of(Sides sides) {
    List<Aspect> aspects = aspects(sides);
    Optional<Problem> problem = memory.problem(question.path());
    Verdict verdict = verdict(sides, aspects, problem);
    boolean isTold = verdict.finding() != Finding.EQUAL;
    return new Explanation(
        volume,
        question.path(),
        verdict.finding(),
        verdict.reason(),
        sides.kindHere(),
        sides.there().kind(),
        sides.there().left(),
        aspects,
        isTold ? problem : Optional.empty(),
        question.compare());
  }

  private List<Aspect> aspects(Sides sides) {
    var aspects = new ArrayList<Aspect>();
    for (Aspect each : sides.there().aspects()) {
      boolean isLinks = each.trait() == Trait.LINKS && sides.here() instanceof Seen.Present;
      aspects.add(isLinks ? withLinksHere(each, (Seen.Present) sides.here()) : each);
    }
    if (sides.content().isPresent() && sides.there().content().isPresent()) {
      ContentSum here = sides.content().get();
      var there = new ContentSum(here.zeros(), sides.there().content().get());
      Likeness likeness = here.equals(there) ? Likeness.SAME : Likeness.OTHER;
      aspects.add(new Aspect(Trait.CONTENT, likeness, here.toString(), there.toString()));
    }
    return aspects;
  }

  private static Aspect withLinksHere(Aspect links, Seen.Present here) {
    String count = here.status().isRegular() ? Long.toString(here.status().linkCount()) : "";
    return new Aspect(links.trait(), links.likeness(), count, links.target());
  }

  private Verdict verdict(Sides sides, List<Aspect> aspects, Optional<Problem> problem) {
    return switch (sides.here()) {
      case Seen.Outside outside -> new Verdict(Finding.OUTSIDE, outside.reason());
      case Seen.Mounted mounted -> new Verdict(Finding.MOUNT_POINT, mounted.reason());
      case Seen.Present _, Seen.Absent _, Seen.Unreadable _ ->
          exclusion(sides)
              .map(why -> new Verdict(Finding.EXCLUDED, why))
              .orElseGet(() -> ofIncluded(sides, aspects, problem));
    };
  }

  /** Where the source has none, the kind on the target tells which patterns match. */
  private Optional<String> exclusion(Sides sides) {
    Kind kind = sides.kindHere().or(() -> sides.there().kind()).orElse(Kind.REGULAR);
    return exclusions
        .reason(question.path(), kind, rootStatus)
        .or(() ->
            sides.there().treatment() == Treatment.EXCLUDED
                ? Optional.of("the target keeps it for itself")
                : Optional.empty());
  }

  private Verdict ofIncluded(Sides sides, List<Aspect> aspects, Optional<Problem> problem) {
    Looked there = sides.there();
    if (sides.here() instanceof Seen.Unreadable unreadable) {
      return new Verdict(Finding.PROBLEM, unreadable.slug() + ": " + unreadable.detail());
    }
    if (there.presence() == Presence.BEHIND_MOUNT) {
      return new Verdict(Finding.MOUNT_POINT, "on the target, " + there.detail());
    }
    if (there.presence() == Presence.REFUSED) {
      return new Verdict(Finding.PROBLEM, "on the target, " + there.detail());
    }
    if (sides.here() instanceof Seen.Absent absent) {
      return sides.isThere()
          ? new Verdict(Finding.TARGET_ONLY, absent.reason() + " at the source")
          : new Verdict(Finding.NEITHER, absent.reason() + " at the source");
    }
    if (!sides.isThere()) {
      return blamed(problem).orElseGet(() -> new Verdict(Finding.SOURCE_ONLY, obstruction(there)));
    }
    return ofBoth(sides, aspects, problem);
  }

  private static String obstruction(Looked there) {
    return there.presence() == Presence.OBSTRUCTED
        ? "on the target, " + there.detail()
        : "it is not there on the target";
  }

  private Verdict ofBoth(Sides sides, List<Aspect> aspects, Optional<Problem> problem) {
    if (!sides.isUnchanged() || isUnread(sides)) {
      return new Verdict(Finding.BUSY, "it changed at the source while it was looked at");
    }
    if (!sides.there().detail().isEmpty()) {
      return new Verdict(Finding.BUSY, sides.there().detail());
    }
    List<String> traits =
        aspects.stream()
            .filter(each -> each.likeness() == Likeness.OTHER)
            .map(each -> each.trait().name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .distinct()
            .toList();
    if (traits.isEmpty()) {
      return new Verdict(Finding.EQUAL, "");
    }
    return blamed(problem).orElseGet(() -> new Verdict(Finding.DIFFERS, String.join(", ", traits)));
  }

  private boolean isUnread(Sides sides) {
    boolean isFile = sides.kindHere().equals(Optional.of(Kind.REGULAR));
    return question.compare() == Compare.CONTENT && isFile && sides.content().isEmpty();
  }

  /** The last pass has told why it is so. */
  private Optional<Verdict> blamed(Optional<Problem> problem) {
    return problem.map(of -> {
      String where = of.path().equals(question.path()) ? "" : " of " + of.path();
      return new Verdict(
          of.reason().equals(BUSY) ? Finding.BUSY : Finding.PROBLEM,
          "%s%s: %s".formatted(of.reason(), where, of.detail()));
    });
  }
}
