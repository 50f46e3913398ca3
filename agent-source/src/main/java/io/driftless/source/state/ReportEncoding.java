package io.driftless.source.state;

import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A report as bytes in the database, without its problems and notices, which have tables of their
 * own.
 *
 * <p>{@code version u8}, then the components in the order of the record: numbers as 64 bits, texts
 * as {@code writeUTF}, optional parts after a byte 0 or 1; from version 2 on purpose, differences
 * and manifest at the end; from version 3 on how large files came.
 */
final class ReportEncoding {
  private static final int VERSION = 3;

  private ReportEncoding() {}

  static byte[] encode(PassReport report) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(report.volume());
      out.writeUTF(report.target());
      out.writeLong(report.pass());
      out.writeUTF(report.outcome().name());
      out.writeLong(report.startedAt().toEpochMilli());
      out.writeDouble(report.seconds());
      for (long number : numbers(report)) {
        out.writeLong(number);
      }
      encodeGuard(report.guard(), out);
      encodeFailure(report.error(), out);
      out.writeUTF(report.purpose().name());
      out.writeLong(report.differencesTotal());
      out.writeUTF(report.manifest().orElse(""));
      encodeDeltas(report.applied().deltas(), out);
    }
    return bytes.toByteArray();
  }

  private static long[] numbers(PassReport report) {
    Found found = report.found();
    Applied applied = report.applied();
    return new long[] {
      found.entries(),
      found.files(),
      found.directories(),
      applied.filesTransferred(),
      applied.filesRenamed(),
      applied.entriesDeleted(),
      applied.metadataOnly(),
      found.bytes(),
      applied.literalBytes(),
      applied.matchedBytes(),
      report.wireBytesSent(),
      report.wireBytesReceived(),
      applied.busyFiles(),
      report.problemsTotal()
    };
  }

  private static void encodeDeltas(Deltas deltas, DataOutputStream out) throws IOException {
    out.writeLong(deltas.patchedInPlace());
    out.writeLong(deltas.cloned());
    out.writeLong(deltas.rebuilt());
    out.writeLong(deltas.incidents());
  }

  private static void encodeGuard(Optional<Guard> guard, DataOutputStream out) throws IOException {
    out.writeBoolean(guard.isPresent());
    if (guard.isPresent()) {
      out.writeUTF(guard.get().slug());
      out.writeUTF(guard.get().message());
      out.writeInt(guard.get().examples().size());
      for (String example : guard.get().examples()) {
        out.writeUTF(example);
      }
      out.writeUTF(guard.get().continueWith());
    }
  }

  private static void encodeFailure(Optional<Failure> failure, DataOutputStream out)
      throws IOException {
    out.writeBoolean(failure.isPresent());
    if (failure.isPresent()) {
      out.writeUTF(failure.get().slug());
      out.writeUTF(failure.get().message());
      out.writeUTF(failure.get().hint());
    }
  }

  static PassReport decode(byte[] bytes) throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version < 1 || version > VERSION) {
        throw new IOException(
            "a report of version %d, known is up to %d".formatted(version, VERSION));
      }
      return decodeBody(in, version);
    }
  }

  private static PassReport decodeBody(DataInputStream in, int version) throws IOException {
    String volume = in.readUTF();
    String target = in.readUTF();
    long pass = in.readLong();
    Outcome outcome = Outcome.valueOf(in.readUTF());
    Instant startedAt = Instant.ofEpochMilli(in.readLong());
    double seconds = in.readDouble();
    long[] numbers = readNumbers(in, 14);
    Optional<Guard> guard = decodeGuard(in);
    Optional<Failure> failure = decodeFailure(in);
    boolean tellsPurpose = version > 1;
    Purpose purpose = tellsPurpose ? Purpose.valueOf(in.readUTF()) : Purpose.SYNC;
    long differences = tellsPurpose ? in.readLong() : 0;
    String manifest = tellsPurpose ? in.readUTF() : "";
    Deltas deltas = version > 2 ? decodeDeltas(in) : Deltas.NONE;
    return new PassReport(
        volume,
        target,
        pass,
        purpose,
        outcome,
        startedAt,
        seconds,
        new Found(numbers[0], numbers[1], numbers[2], numbers[7]),
        new Applied(
            numbers[3],
            numbers[4],
            numbers[5],
            numbers[6],
            numbers[8],
            numbers[9],
            numbers[12],
            deltas),
        numbers[10],
        numbers[11],
        numbers[13],
        differences,
        List.of(),
        List.of(),
        guard,
        failure,
        manifest.isEmpty() ? Optional.empty() : Optional.of(manifest));
  }

  private static long[] readNumbers(DataInputStream in, int count) throws IOException {
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = in.readLong();
    }
    return numbers;
  }

  private static Deltas decodeDeltas(DataInputStream in) throws IOException {
    return new Deltas(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  private static Optional<Guard> decodeGuard(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return Optional.empty();
    }
    String slug = in.readUTF();
    String message = in.readUTF();
    int count = in.readInt();
    var examples = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      examples.add(in.readUTF());
    }
    return Optional.of(new Guard(slug, message, examples, in.readUTF()));
  }

  private static Optional<Failure> decodeFailure(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return Optional.empty();
    }
    return Optional.of(new Failure(in.readUTF(), in.readUTF(), in.readUTF()));
  }
}
