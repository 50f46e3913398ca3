package io.driftless.target.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.wire.Conversation;
import io.driftless.target.commit.Epochs;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Glances;
import io.driftless.target.compare.Owners;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.signature.SignatureBook;
import io.driftless.target.stage.EntryStager;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.Room;
import io.driftless.target.stage.StagingArea;
import io.driftless.target.witness.WitnessBook;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;

/**
 * What the work of one pass is done with. All of it may be shared between threads.
 *
 * @param parts names of parts that this pass has used
 * @param poison entries that are not to be compared
 * @param reader of what is in the volume, at the pace of the disk
 */
record PassParts(
    ConfinedRoot root,
    StagingArea area,
    Room room,
    RoomGate gate,
    Epochs epochs,
    EntryStager stager,
    MetadataWriter writer,
    SliceComparer comparer,
    Glances glances,
    WitnessBook witnesses,
    SignatureBook signatures,
    Owners owners,
    Exclusions exclusions,
    SeededHash hash,
    Conversation conversation,
    Replies replies,
    Slices slices,
    ContentRequests requests,
    Tally tally,
    Extras extras,
    SharedInodes shared,
    Set<Name> parts,
    Poison poison,
    Relocations relocations,
    InstantSource clock,
    ContentReader reader,
    Guard guardian) {

  /** Work that may end the pass by failing. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Runs work unless the pass is over, and ends the pass where it fails. */
  @FunctionalInterface
  interface Guard {
    void run(Work work);
  }

  void guard(Work work) {
    guardian.run(work);
  }

  /** Keeps an entry for a look after the deletions. */
  void suspect(SharedInodes.Suspect suspect) {
    if (!shared.add(suspect)) {
      replies.add(suspect.first(), "links-shared", "it has more names here; sync once more");
    }
  }

  ByteBufAllocator memory() {
    return conversation.allocator();
  }
}
