package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Counters;

/**
 * What was done for a volume since the agent started, by passes and by what was shipped between
 * them.
 *
 * @param passes that ended, however they did
 * @param wireBytes ciphertext at the socket, both ways
 */
public record VolumeTotals(
    long passes,
    double passSeconds,
    long literalBytes,
    long matchedBytes,
    long wireBytes,
    long filesTransferred,
    long filesRenamed,
    long entriesDeleted,
    long metadataOnly,
    long problems) {
  public static final VolumeTotals NONE = new VolumeTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** With a pass that has ended. */
  public VolumeTotals plus(PassReport pass) {
    Applied applied = pass.applied();
    return plus(
        new VolumeTotals(
            1,
            pass.seconds(),
            applied.literalBytes(),
            applied.matchedBytes(),
            pass.wireBytesSent() + pass.wireBytesReceived(),
            applied.filesTransferred(),
            applied.filesRenamed(),
            applied.entriesDeleted(),
            applied.metadataOnly(),
            pass.problemsTotal()));
  }

  /** With changes that were shipped. */
  public VolumeTotals plus(Counters shipped, long shippedProblems) {
    return plus(
        new VolumeTotals(
            0,
            0,
            shipped.literalBytes(),
            shipped.matchedBytes(),
            0,
            shipped.filesCommitted(),
            shipped.filesRenamed(),
            shipped.entriesDeleted(),
            shipped.metadataOnly(),
            shippedProblems));
  }

  public VolumeTotals plusWireBytes(long bytes) {
    return plus(new VolumeTotals(0, 0, 0, 0, bytes, 0, 0, 0, 0, 0));
  }

  public VolumeTotals plus(VolumeTotals other) {
    return new VolumeTotals(
        passes + other.passes,
        passSeconds + other.passSeconds,
        literalBytes + other.literalBytes,
        matchedBytes + other.matchedBytes,
        wireBytes + other.wireBytes,
        filesTransferred + other.filesTransferred,
        filesRenamed + other.filesRenamed,
        entriesDeleted + other.entriesDeleted,
        metadataOnly + other.metadataOnly,
        problems + other.problems);
  }
}
