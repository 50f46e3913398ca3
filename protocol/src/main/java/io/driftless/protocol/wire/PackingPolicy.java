package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage.Packing;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides how to pack the next bundle. Pure; thread-safe.
 *
 * <p>Codec and wire work at the same time, so what counts is the time that a plain byte takes on
 * the slower of the two, and a little that the codec takes the processors at all. Speeds and ratios
 * are moving averages of what was seen lately. What a codec would make of the present data is the
 * ratio that is usual for them times its own in relation to that, so that each bundle tells
 * something of all codecs. Now and then another than the best is tried, where it could pay if it
 * did a little better than is thought, so that they stay true. What took long counts less than what
 * was quick: where threads have to wait for a core, it is not the codec that is slow. And it is
 * forgotten while the codec is not used, since one that is taken to be slow is seldom seen again.
 *
 * <p>Some codecs pack a bundle for itself, others the chain of a lane ({@link PackingChain}). A
 * chain keeps its codec unless another one is better for a while.
 */
final class PackingPolicy {
  /** What there is to choose from. */
  enum Codec {
    PLAIN(Packing.PLAIN, 0, 0, Double.POSITIVE_INFINITY),
    LZ4(Packing.LZ4, 0, 2e-9, 1.6),
    ZSTD_1(Packing.ZSTD, 1, 3e-9, 1),
    ZSTD_3(Packing.ZSTD, 3, 5e-9, 0.85),
    CHAIN_3(Packing.CHAINED, 3, 5.5e-9, 0.77),
    CHAIN_7(Packing.CHAINED, 7, 15e-9, 0.66);

    private final Packing packing;
    private final int level;
    private final double secondsPerByteFirst;
    private final double ratioToUsualFirst;

    Codec(Packing packing, int level, double secondsPerByteFirst, double ratioToUsualFirst) {
      this.packing = packing;
      this.level = level;
      this.secondsPerByteFirst = secondsPerByteFirst;
      this.ratioToUsualFirst = ratioToUsualFirst;
    }

    /** What its result is. */
    Packing packing() {
      return packing;
    }

    /** Of zstd. */
    int level() {
      return level;
    }

    /** Whether it is one for the chain of a lane. */
    boolean isChained() {
      return packing == Packing.CHAINED;
    }
  }

  private static final Codec[] CODECS = Codec.values();
  private static final double RATIO_FIRST = 0.33;
  private static final double RATIO_MIN = 0.01;

  /** How much of what surprises is due to the data, and how much to the codec. */
  private static final double OF_DATA = 0.2;

  private static final double OF_CODEC = 0.05;
  private static final double NEWEST_QUICK = 0.3;
  private static final double NEWEST_SLOW = 0.03;
  private static final int BUNDLES_PER_TRIAL = 32;

  /** What a call costs in itself tells nothing of the speed. */
  private static final int TIMED_BYTES_MIN = 16 * 1024;

  /** What takes longer than this many times the average was held up by something else. */
  private static final double OUTLIER = 4;

  /** What a codec took at its quickest lately grows by so much each time that it takes longer. */
  private static final double QUICKEST_GROWTH = 1.01;

  /** And shrinks by so much with each bundle that another codec packs, down to the first guess. */
  private static final double QUICKEST_FADING = 1.0005;

  /** So much of what it took longer is forgotten with each bundle that another codec packs. */
  private static final double FORGETTING = 1.0 / 32;

  private static final int BUNDLES_PER_CHAIN_TRIAL = 512;
  private static final int CHAIN_TRIAL = 20;

  /** So often in a row has another codec for chains to be better before it is taken. */
  private static final int CONTRARY_MAX = 32;

  /** Of the cost of the present one, if it is a quicker one. */
  private static final double QUICKER_COST_MAX = 0.83;

  /** What is tried could be so much better than is known. */
  private static final double RATIO_HOPED_FOR = 0.85;

  /** How much a second of a processor counts beside one of waiting. */
  private static final double PROCESSOR_WEIGHT = 0.05;

  private final int threads;
  private final int chains;

  private final Map<Codec, Seen> seen = new EnumMap<>(Codec.class);
  private double usualRatio = RATIO_FIRST;
  private int bundles;
  private int trials;
  private Codec chained = Codec.CHAIN_7;

  /** Since the last trial of a chain. */
  private int bundlesAlone;

  private int chainTrial;

  /** How often another codec for chains was better, in a row. */
  private int contrary;

  private final class Seen {
    private final Codec codec;
    private final int atATime;
    private double secondsPerByte;
    private double quickest;
    private double ratioToUsual;

    Seen(Codec codec) {
      this.codec = codec;
      atATime = codec.isChained() ? chains : threads;
      secondsPerByte = codec.secondsPerByteFirst;
      quickest = secondsPerByte;
      ratioToUsual = codec.ratioToUsualFirst;
    }

    /** Nothing is sent larger than it is. */
    double ratio() {
      return Math.min(1, usualRatio * ratioToUsual);
    }

    void took(double newest) {
      double seconds = Math.min(newest, secondsPerByte * OUTLIER);
      double weight = seconds < secondsPerByte ? NEWEST_QUICK : NEWEST_SLOW;
      secondsPerByte += weight * (seconds - secondsPerByte);
      quickest = Math.min(seconds, quickest * QUICKEST_GROWTH);
    }

    void forget() {
      quickest = Math.max(codec.secondsPerByteFirst, quickest / QUICKEST_FADING);
      secondsPerByte -= FORGETTING * Math.max(0, secondsPerByte - quickest);
    }

    double cost(double wireSecondsPerByte) {
      return cost(ratio(), wireSecondsPerByte);
    }

    double costHopedFor(double wireSecondsPerByte) {
      return cost(RATIO_HOPED_FOR * ratio(), wireSecondsPerByte);
    }

    double costAtFirst(double wireSecondsPerByte) {
      return cost(Math.min(1, usualRatio * codec.ratioToUsualFirst), wireSecondsPerByte);
    }

    private double cost(double ratio, double wireSecondsPerByte) {
      return Math.max(secondsPerByte / atATime, ratio * wireSecondsPerByte)
          + PROCESSOR_WEIGHT * secondsPerByte;
    }
  }

  /**
   * A policy that has seen nothing.
   *
   * @param threads how many may pack at a time without being in the way of the rest, from 1 on
   * @param chains how many may do so for the chains of lanes
   */
  PackingPolicy(int threads, int chains) {
    this.threads = threads;
    this.chains = chains;
    for (Codec codec : CODECS) {
      seen.put(codec, new Seen(codec));
    }
  }

  /**
   * The codec for the next bundle.
   *
   * @param wireBytesPerSecond what the wire takes; infinite if it takes whatever comes
   */
  synchronized Codec choose(double wireBytesPerSecond) {
    double wire = 1 / wireBytesPerSecond;
    Codec best = cheapest(wire, codec -> !codec.isChained());
    Codec chain = cheapest(wire, Codec::isChained);
    if (isCheaper(chain, best, wire)) {
      consider(chain, wire);
    }
    if (isCheaper(chained, best, wire) || isOnTrial(best, wire)) {
      best = chained;
    }
    return isTimeForTrial() ? trial(best, wire) : best;
  }

  /**
   * Whether a chain is tried, for as many bundles as it takes to have something in view: now and
   * then, where it would pay if the present data were as usual for it.
   */
  private boolean isOnTrial(Codec best, double wire) {
    bundlesAlone++;
    if (bundlesAlone == BUNDLES_PER_CHAIN_TRIAL) {
      bundlesAlone = 0;
      chainTrial = seenOf(chained).costAtFirst(wire) < seenOf(best).cost(wire) ? CHAIN_TRIAL : 0;
    }
    chainTrial = Math.max(0, chainTrial - 1);
    return chainTrial > 0;
  }

  private Codec cheapest(double wire, Predicate<Codec> group) {
    return Stream.of(CODECS)
        .filter(group)
        .min(Comparator.comparingDouble(codec -> seenOf(codec).cost(wire)))
        .orElseThrow();
  }

  private boolean isCheaper(Codec one, Codec other, double wire) {
    return seenOf(one).cost(wire) < seenOf(other).cost(wire);
  }

  /**
   * Takes another codec for chains, if it is better time and again: speeds of wires are rough
   * guesses, and a chain that changes has nothing in view at first.
   */
  private void consider(Codec better, double wire) {
    boolean isContrary =
        better.level() > chained.level()
            || better.level() < chained.level()
                && QUICKER_COST_MAX * seenOf(chained).cost(wire) > seenOf(better).cost(wire);
    contrary = isContrary ? contrary + 1 : 0;
    if (contrary == CONTRARY_MAX) {
      chained = better;
      contrary = 0;
    }
  }

  /** Of the codecs for chains the one that was best when one of them was. */
  synchronized Codec chained() {
    return chained;
  }

  private boolean isTimeForTrial() {
    bundles = (bundles + 1) % BUNDLES_PER_TRIAL;
    return bundles == 0;
  }

  /** Another codec than the best, if it could pay. A chain is not begun for that. */
  private Codec trial(Codec best, double wire) {
    for (int i = 0; i < CODECS.length; i++) {
      trials = (trials + 1) % CODECS.length;
      Codec other = CODECS[trials];
      if (other != Codec.PLAIN
          && other != best
          && !other.isChained()
          && seenOf(other).costHopedFor(wire) < seenOf(best).cost(wire)) {
        return other;
      }
    }
    return best;
  }

  /** About how many bytes a chain makes of so many. */
  synchronized int estimateChained(int plainBytes) {
    return (int) (seenOf(chained).ratio() * plainBytes);
  }

  /** Takes down what packing a bundle took. */
  synchronized void packed(Codec codec, int plainBytes, int packedBytes, long nanos) {
    if (codec == Codec.PLAIN || plainBytes == 0) {
      return;
    }
    Seen of = seenOf(codec);
    if (plainBytes >= TIMED_BYTES_MIN) {
      of.took(nanos / 1e9 / plainBytes);
    }
    seen.values().stream().filter(other -> other != of).forEach(Seen::forget);
    double surprise = Math.max(RATIO_MIN, (double) packedBytes / plainBytes) / of.ratio();
    usualRatio *= Math.pow(surprise, OF_DATA);
    of.ratioToUsual *= Math.pow(surprise, OF_CODEC);
  }

  private Seen seenOf(Codec codec) {
    Seen of = seen.get(codec);
    if (of == null) {
      throw new IllegalStateException("every codec has been seen from the start");
    }
    return of;
  }
}
