package io.driftless.source.scan;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.SmallFileReader;
import io.driftless.source.read.Writeback;
import io.driftless.source.report.Findings;
import io.driftless.source.report.Tally;
import io.driftless.source.send.OfferBatch;
import io.driftless.source.send.OpenSlices;
import java.time.InstantSource;

/**
 * What a walk works with. All of it is thread-safe.
 *
 * @param hash seeded for the volume
 * @param offers sent through the conversation
 * @param witnesses what is known of slices by an earlier pass
 * @param sightings what a walk over changes met
 * @param pace of looking at entries
 */
public record WalkContext(
    ConfinedRoot root,
    Exclusions exclusions,
    SeededHash hash,
    EntryReader entries,
    SmallFileReader files,
    LinkTable links,
    MountPoints mounts,
    Conversation conversation,
    OpenSlices slices,
    OfferBatch offers,
    Findings findings,
    Tally tally,
    WitnessStore witnesses,
    Writeback writeback,
    OwnerCensus owners,
    Sightings sightings,
    TokenBucket pace,
    InstantSource clock) {

  /**
   * Takes room for a slice, waiting for it. What has been offered goes out before: its slices take
   * room themselves until the target has judged them.
   */
  void reserve(int entries) throws InterruptedException {
    if (!slices.tryReserve(entries)) {
      offers.flush();
      slices.reserve(entries);
    }
  }
}
