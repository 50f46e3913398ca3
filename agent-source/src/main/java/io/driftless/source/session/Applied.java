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
}
