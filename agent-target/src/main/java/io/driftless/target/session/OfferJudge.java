package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Glances.Glance;
import io.driftless.target.compare.SliceComparer.Summary;
import io.driftless.target.witness.SliceRecord;
import io.driftless.target.witness.WitnessBook;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells of offered slices whether they are what the volume has. Thread-safe. */
final class OfferJudge {
  private final PassParts parts;
  private final BeginPass begin;
  private final Newcomers newcomers;

  OfferJudge(PassParts parts, BeginPass begin, Newcomers newcomers) {
    this.parts = parts;
    this.begin = begin;
    this.newcomers = newcomers;
  }

  /** Looks at the slice in the volume; reads no more than it must. */
  Finding judge(Slice slice) throws IOException {
    if (begin.effect() == Effect.VERIFY) {
      return Finding.DIFFERS; // digests leave out what a verification looks at
    }
    slice.unproven =
        begin.course() == Course.CHANGES || parts.relocations().isUnproven(slice.directory);
    if (parts.witnesses().isOpen()) {
      return findByWitness(slice);
    }
    Finding finding = findByDigest(slice);
    return switch (finding) {
      case EQUAL -> begin.compare() == Compare.CONTENT ? Finding.DIFFERS : Finding.EQUAL;
      case ABSENT -> begin.effect().isNone() ? Finding.DIFFERS : Finding.ABSENT;
      case DIFFERS -> Finding.DIFFERS;
      case LATER -> Finding.LATER;
    };
  }

  /**
   * Where it isn't known that a slice is what it was when it was equal, it is listed, even if its
   * metadata is the same: only by its entries can be told which content has to be compared.
   */
  private Finding findByWitness(Slice slice) throws IOException {
    Offer offer = slice.offer;
    Glance here = parts.glances().at(slice.directory, slice.scope);
    if (here == null || offer == null) {
      return offer == null ? Finding.ABSENT : newcomers.meet(offer);
    }
    count(slice, here.entries(), here.files());
    if (isAsGoodAsAbsent(here.entries(), offer)) {
      return Finding.ABSENT;
    }
    WitnessBook witnesses = parts.witnesses();
    SliceRecord known = known(slice);
    if (known != null
        && witnesses.isTrusted()
        && offer.witness() != Offer.NO_WITNESS
        && known.holds(here.witness(), offer.witness(), offer.digest())
        && !parts.poison().touches(slice.directory)) {
      witnesses.tellUnmet(known, parts.replies());
      return Finding.EQUAL;
    }
    slice.note = witnesses.note(known);
    return Finding.DIFFERS;
  }

  private @Nullable SliceRecord known(Slice slice) {
    TreePath origin = parts.relocations().origin(slice.directory);
    SliceRecord known =
        origin.equals(slice.directory)
            ? parts.witnesses().find(slice.directory, slice.scope)
            : parts.witnesses().move(origin, slice.directory, slice.scope);
    return known == null && slice.unproven ? SliceRecord.NOTHING : known;
  }

  /**
   * Whether nothing is here but the directory itself, which is repaired; then the source need not
   * ask twice, unless old names may turn up in it.
   */
  private boolean isAsGoodAsAbsent(int entriesHere, Offer offer) {
    return entriesHere == 0 && offer.entries() > 0 && !newcomers.areAwaited();
  }

  private void count(Slice slice, int entries, int files) {
    slice.entriesHere = entries;
    parts.tally().before(entries, files);
  }

  private Finding findByDigest(Slice slice) throws IOException {
    Offer offer = slice.offer;
    Summary here = parts.comparer().summarize(slice.directory, slice.scope);
    if (here == null || offer == null) {
      return offer == null ? Finding.ABSENT : newcomers.meet(offer);
    }
    count(slice, here.entries(), here.files());
    if (isAsGoodAsAbsent(here.entries(), offer)) {
      return Finding.ABSENT;
    }
    boolean equal =
        here.digest().equals(offer.digest())
            && !slice.unproven
            && !parts.poison().touches(slice.directory);
    return equal ? Finding.EQUAL : Finding.DIFFERS;
  }
}
