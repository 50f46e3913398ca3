package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.PassMessage;
import io.driftless.protocol.message.PassMessage.Acknowledged;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Notices;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.message.PassMessage.WalkApplied;
import java.util.List;

/**
 * Payloads of a pass. Numbers marked near are the difference to the near number before them in the
 * same payload; paths hold what differs from the path before them: shared | own | bytes.
 *
 * <pre>
 * BeginPass     number | compare u8 | effect u8 | deletes u8 | deletesMax
 *               | excluded u8 | course u8 | below path
 * PassBegun     number | proof u8
 * Offers        count | { slice near | sequence | path | scope | entries | digest 16 | witness u64 }*
 * Verdicts      count | { slice near | finding u8 }*
 * Revisit       as Verdicts
 * SlicesDone    count | { slice near }*
 * Staged        streamedBytes
 * Acknowledged  epoch | entries | bytes
 * EndOfWalk     slices | entries | files | unreadableDirectories
 * Problems      count | { path | reason text | detail text }*
 * Notices       count | { slug text | message text }*
 * PassResult    outcome u8 | the nine counters | the four of deltas | slug text | message text
 *               | hint text | count | { example path }*
 * WalkApplied, CancelPass: nothing
 * scope         bits u8 | prefix, unless there are 0 bits; 255 for names as listed
 * </pre>
 */
final class PassCodec {
  private static final int OFFER_BYTES_MIN = 30;
  private static final int VERDICT_BYTES_MIN = 2;
  private static final int PROBLEM_BYTES_MIN = 6;
  private static final int NOTICE_BYTES_MIN = 4;
  private static final int PATH_BYTES_MIN = 2;
  private static final Compare[] COMPARES = Compare.values();
  private static final Effect[] EFFECTS = Effect.values();
  private static final Deletes[] DELETES = Deletes.values();
  private static final Excluded[] EXCLUDED = Excluded.values();
  private static final Course[] COURSES = Course.values();
  private static final Proof[] PROOFS = Proof.values();
  private static final Finding[] FINDINGS = Finding.values();
  private static final Outcome[] OUTCOMES = Outcome.values();

  private PassCodec() {}

  static void encode(PassMessage message, PayloadWriter out) {
    switch (message) {
      case BeginPass(
              long number,
              var compare,
              var effect,
              var deletes,
              long deletesMax,
              var excluded,
              var course,
              var below) ->
          out.number(number)
              .choice(compare)
              .choice(effect)
              .choice(deletes)
              .number(deletesMax)
              .choice(excluded)
              .choice(course)
              .path(below);
      case PassBegun(long number, var proof) -> out.number(number).choice(proof);
      case Offers(var offers) -> {
        out.count(offers.size(), Offers.OFFERS_MAX);
        offers.forEach(offer -> encode(offer, out));
      }
      case Verdicts(var verdicts) -> encode(verdicts, Verdicts.VERDICTS_MAX, out);
      case Revisit(var verdicts) -> encode(verdicts, Revisit.VERDICTS_MAX, out);
      case SlicesDone(var slices) -> {
        out.count(slices.size(), SlicesDone.SLICES_MAX);
        slices.forEach(out::near);
      }
      case Staged(long bytes) -> out.number(bytes);
      case Acknowledged(long epoch, long entries, long bytes) ->
          out.number(epoch).number(entries).number(bytes);
      case EndOfWalk(long slices, long entries, long files, long unreadable) ->
          out.number(slices).number(entries).number(files).number(unreadable);
      case WalkApplied() -> {}
      case Problems(var problems) -> {
        out.count(problems.size(), Problems.PROBLEMS_MAX);
        problems.forEach(it -> out.path(it.path()).text(it.reason()).text(it.detail()));
      }
      case Notices(var notices) -> {
        out.count(notices.size(), Notices.NOTICES_MAX);
        notices.forEach(notice -> out.text(notice.slug()).text(notice.message()));
      }
      case CancelPass() -> {}
      case PassResult result -> encode(result, out);
    }
  }

  private static void encode(Offer offer, PayloadWriter out) {
    out.near(offer.slice())
        .number(offer.sequence())
        .path(offer.directory())
        .scope(offer.scope())
        .number(offer.entries())
        .digest(offer.digest())
        .s64(offer.witness());
  }

  private static void encode(PassResult result, PayloadWriter out) {
    Counters counters = result.counters();
    Deltas deltas = counters.deltas();
    out.choice(result.outcome())
        .number(counters.filesCommitted())
        .number(counters.filesRenamed())
        .number(counters.entriesDeleted())
        .number(counters.metadataOnly())
        .number(counters.created())
        .number(counters.literalBytes())
        .number(counters.matchedBytes())
        .number(counters.busyFiles())
        .number(counters.extraEntries())
        .number(deltas.patchedInPlace())
        .number(deltas.cloned())
        .number(deltas.rebuilt())
        .number(deltas.incidents())
        .text(result.slug())
        .text(result.message())
        .text(result.hint())
        .count(result.examples().size(), PassResult.EXAMPLES_MAX);
    result.examples().forEach(out::path);
  }

  private static void encode(List<Verdict> verdicts, int verdictsMax, PayloadWriter out) {
    out.count(verdicts.size(), verdictsMax);
    verdicts.forEach(verdict -> out.near(verdict.slice()).choice(verdict.finding()));
  }

  private static Verdict decodeVerdict(PayloadReader in) {
    return new Verdict(in.nearOrdinal(), in.choice(FINDINGS));
  }

  static PassMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case BEGIN_PASS ->
          new BeginPass(
              in.number(),
              in.choice(COMPARES),
              in.choice(EFFECTS),
              in.choice(DELETES),
              in.number(),
              in.choice(EXCLUDED),
              in.choice(COURSES),
              in.path());
      case PASS_BEGUN -> new PassBegun(in.number(), in.choice(PROOFS));
      case OFFERS -> new Offers(in.list(Offers.OFFERS_MAX, OFFER_BYTES_MIN, () -> decodeOffer(in)));
      case VERDICTS ->
          new Verdicts(in.list(Verdicts.VERDICTS_MAX, VERDICT_BYTES_MIN, () -> decodeVerdict(in)));
      case REVISIT ->
          new Revisit(in.list(Revisit.VERDICTS_MAX, VERDICT_BYTES_MIN, () -> decodeVerdict(in)));
      case SLICES_DONE -> new SlicesDone(in.list(SlicesDone.SLICES_MAX, 1, in::nearOrdinal));
      case STAGED -> new Staged(in.number());
      case ACKNOWLEDGED -> new Acknowledged(in.number(), in.number(), in.number());
      case END_OF_WALK -> new EndOfWalk(in.number(), in.number(), in.number(), in.number());
      case WALK_APPLIED -> new WalkApplied();
      case PROBLEMS ->
          new Problems(
              in.list(
                  Problems.PROBLEMS_MAX,
                  PROBLEM_BYTES_MIN,
                  () -> new Problem(in.path(), in.text(), in.text())));
      case NOTICES ->
          new Notices(
              in.list(
                  Notices.NOTICES_MAX, NOTICE_BYTES_MIN, () -> new Notice(in.text(), in.text())));
      case CANCEL_PASS -> new CancelPass();
      case PASS_RESULT -> decodeResult(in);
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static Offer decodeOffer(PayloadReader in) {
    return new Offer(
        in.nearOrdinal(),
        in.number(),
        in.path(),
        in.scope(),
        in.number(Integer.MAX_VALUE),
        in.digest(),
        in.s64());
  }

  private static PassResult decodeResult(PayloadReader in) {
    Outcome outcome = in.choice(OUTCOMES);
    var counters =
        new Counters(
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            new Deltas(in.number(), in.number(), in.number(), in.number()));
    return new PassResult(
        outcome,
        counters,
        in.text(),
        in.text(),
        in.text(),
        in.list(PassResult.EXAMPLES_MAX, PATH_BYTES_MIN, in::path));
  }
}
