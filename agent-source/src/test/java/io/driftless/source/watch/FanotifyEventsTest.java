package io.driftless.source.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Fanotify;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FanotifyEventsTest {
  private static final int INODE = 1;
  private static final int NAMED = 2;
  private static final int OLD = 10;
  private static final int NEW = 12;

  private final FanotifyEvents events = new FanotifyEvents();

  private static byte[] info(int type, String name) {
    int length = 12 + 8 + 12 + (name.isEmpty() ? 0 : (name.length() + 1 + 3) / 4 * 4);
    ByteBuffer info = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    info.put((byte) type).put((byte) 0).putShort((short) length).putLong(77);
    info.putInt(12).putInt(1).putInt(type).putLong(9).put(name.getBytes(US_ASCII));
    return info.array();
  }

  private static byte[] event(long mask, byte[]... infos) {
    int length = 24 + Arrays.stream(infos).mapToInt(info -> info.length).sum();
    ByteBuffer event = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    event.putInt(length).put((byte) 3).put((byte) 0).putShort((short) 24).putLong(mask);
    event.putInt(-1).putInt(1);
    for (byte[] info : infos) {
      event.put(info);
    }
    return event.array();
  }

  private static byte[] joined(byte[]... events) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(events).mapToInt(e -> e.length).sum());
    for (byte[] event : events) {
      all.put(event);
    }
    return all.array();
  }

  private String nameOf(FanotifyEvents.Entry entry) {
    return new String(events.bytes(), entry.nameAt(), entry.nameLength(), US_ASCII);
  }

  @Test
  void events_are_taken_apart_one_after_the_other() {
    events.take(
        joined(
            event(Fanotify.CREATE, info(NAMED, "name"), info(INODE, "")),
            event(Fanotify.RENAME | Fanotify.ON_DIRECTORY, info(OLD, "a"), info(NEW, "longer")),
            event(Fanotify.OVERFLOW)));

    assertThat(events.next()).isTrue();
    assertThat(events.has(Fanotify.CREATE)).isTrue();
    assertThat(nameOf(events.named())).isEqualTo("name");
    assertThat(events.named().handleLength()).isEqualTo(20);
    assertThat(events.inode().isThere()).isTrue();
    assertThat(events.next()).isTrue();
    assertThat(nameOf(events.old())).isEqualTo("a");
    assertThat(nameOf(events.renamed())).isEqualTo("longer");
    assertThat(events.named().isThere() || events.inode().isThere()).isFalse();
    assertThat(events.next()).isTrue();
    assertThat(events.has(Fanotify.OVERFLOW)).isTrue();
    assertThat(events.isMalformed()).isFalse();
    assertThat(events.next()).isFalse();
  }

  @Test
  void an_event_that_is_cut_off_is_malformed_and_the_last() {
    byte[] whole = event(Fanotify.MODIFY, info(NAMED, "name"), info(INODE, ""));
    for (int length = 1; length < whole.length; length++) {
      events.take(Arrays.copyOf(whole, length));

      assertThat(events.next()).isTrue();
      assertThat(events.isMalformed()).as("%d bytes", length).isTrue();
      assertThat(events.next()).isFalse();
    }
  }

  @Test
  void no_bytes_lead_out_of_the_buffer() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes =
          joined(
              event(Fanotify.MODIFY, info(NAMED, "name"), info(INODE, "")),
              event(Fanotify.RENAME, info(OLD, "a"), info(NEW, "b")));
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      events.take(bytes);
      int count = 0;
      while (events.next()) {
        count++;
        assertThat(isInside(events.named(), bytes) && isInside(events.inode(), bytes))
            .as("seed %d round %d", seed, round)
            .isTrue();
      }
      assertThat(count).as("seed %d round %d", seed, round).isBetween(1, 10);
    }
  }

  private static boolean isInside(FanotifyEvents.Entry entry, byte[] bytes) {
    return !entry.isThere()
        || entry.handleAt() + entry.handleLength() <= bytes.length
            && entry.nameAt() + entry.nameLength() <= bytes.length;
  }
}
