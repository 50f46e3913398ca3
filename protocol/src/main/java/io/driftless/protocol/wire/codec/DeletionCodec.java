package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.DeletionMessage;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.DeletionMessage.Missing;

/**
 * Payloads of the deletion phase; paths as in {@link PassCodec}.
 *
 * <pre>
 * ConfirmAbsent  question | directory path | count | { name bytes }*
 * Absences       question | count | { position near }*
 * Missing        count | { path }*
 * </pre>
 */
final class DeletionCodec {
  private static final int NAME_BYTES_MIN = 2;
  private static final int PATH_BYTES_MIN = 2;

  private DeletionCodec() {}

  static void encode(DeletionMessage message, PayloadWriter out) {
    switch (message) {
      case ConfirmAbsent(long question, var directory, var names) -> {
        out.number(question).path(directory).count(names.size(), ConfirmAbsent.NAMES_MAX);
        names.forEach(out::name);
      }
      case Absences(long question, var absent) -> {
        out.number(question).count(absent.size(), ConfirmAbsent.NAMES_MAX);
        absent.forEach(out::near);
      }
      case Missing(var paths) -> {
        out.count(paths.size(), Missing.PATHS_MAX);
        paths.forEach(out::path);
      }
    }
  }

  static DeletionMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case CONFIRM_ABSENT ->
          new ConfirmAbsent(
              in.ordinal(), in.path(), in.list(ConfirmAbsent.NAMES_MAX, NAME_BYTES_MIN, in::name));
      case ABSENCES ->
          new Absences(in.ordinal(), in.list(ConfirmAbsent.NAMES_MAX, 1, () -> position(in)));
      case MISSING -> new Missing(in.list(Missing.PATHS_MAX, PATH_BYTES_MIN, in::path));
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static int position(PayloadReader in) {
    return PayloadReader.requireWithin(in.near(), ConfirmAbsent.NAMES_MAX - 1);
  }
}
