package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;

/**
 * What the target says that it did in a pass.
 *
 * @param filesTransferred files whose content was committed, empty ones included
 * @param metadataOnly entries of which only metadata was changed
 * @param literalBytes content that travelled
 * @param matchedBytes content that the target already held; with the literal bytes, the sizes of
 *     the files transferred
 * @param busyFiles entries that moved while they were compared or brought over
 * @param deltas how large files came that had changed
 */
public record Applied(
    long filesTransferred,
    long filesRenamed,
    long entriesDeleted,
    long metadataOnly,
    long literalBytes,
    long matchedBytes,
    long busyFiles,
    Deltas deltas) {

  public static Applied of(Counters counters) {
    return new Applied(
        counters.filesCommitted(),
        counters.filesRenamed(),
        counters.entriesDeleted(),
        counters.metadataOnly(),
        counters.literalBytes(),
        counters.matchedBytes(),
        counters.busyFiles(),
        counters.deltas());
  }

  /** The same with another number of busy entries. */
  public Applied withBusy(long busy) {
    return new Applied(
        filesTransferred,
        filesRenamed,
        entriesDeleted,
        metadataOnly,
        literalBytes,
        matchedBytes,
        busy,
        deltas);
  }
}
