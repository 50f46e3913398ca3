package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Splits batches whose items are few enough but, with very long paths or texts, too large for one
 * frame.
 */
public final class Batches {
  /** Below the limit of a frame by more than what counts and texts' lengths add. */
  private static final int BYTES_MAX = MessageType.Limit.BATCH - 64 * 1024;

  private static final int NUMBERS_BYTES = 64;

  private Batches() {}

  /** The message itself, or several that say the same in the same order. */
  public static List<? extends Message> fitting(Message message) {
    return switch (message) {
      case Offers(var offers) ->
          split(offers, it -> NUMBERS_BYTES + it.directory().length(), Offers::new);
      case Problems(var problems) ->
          split(
              problems,
              it ->
                  NUMBERS_BYTES
                      + it.path().length()
                      + textBytes(it.reason())
                      + textBytes(it.detail()),
              Problems::new);
      case Missing(var paths) -> split(paths, it -> NUMBERS_BYTES + it.length(), Missing::new);
      case OwnerNames(var names) ->
          split(names, it -> NUMBERS_BYTES + textBytes(it.name()), OwnerNames::new);
      default -> List.of(message);
    };
  }

  private static int textBytes(String text) {
    return Math.min(WireText.MAX_BYTES, 3 * text.length());
  }

  private static <T, M extends Message> List<M> split(
      List<T> items, ToIntFunction<T> bytesOf, Function<List<T>, M> message) {
    long bytes = items.stream().mapToLong(bytesOf::applyAsInt).sum();
    if (bytes <= BYTES_MAX || items.size() < 2) {
      return List.of(message.apply(items));
    }
    int half = items.size() / 2;
    return Stream.concat(
            split(items.subList(0, half), bytesOf, message).stream(),
            split(items.subList(half, items.size()), bytesOf, message).stream())
        .toList();
  }
}
