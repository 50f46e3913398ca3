package io.driftless.source.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Inotify;
import io.driftless.protocol.tree.Name;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class InotifyEventsTest {
  private final InotifyEvents events = new InotifyEvents();

  private static byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(16 + 16 + 16).order(ByteOrder.nativeOrder());
    bytes.putInt(5).putInt(Inotify.MOVED_FROM).putInt(99).putInt(16);
    bytes.put("name".getBytes(US_ASCII)).position(32);
    bytes.putInt(6).putInt(Inotify.ATTRIB).putInt(0).putInt(0);
    return bytes.array();
  }

  @Test
  void events_are_taken_apart_one_after_the_other() {
    events.take(bytes());

    assertThat(events.next()).isTrue();
    assertThat(events.watch()).isEqualTo(5);
    assertThat(events.cookie()).isEqualTo(99);
    assertThat(events.name()).isEqualTo(Name.of("name"));
    assertThat(events.next()).isTrue();
    assertThat(events.has(Inotify.ATTRIB)).isTrue();
    assertThat(events.hasName()).isFalse();
    assertThat(events.next()).isFalse();
  }

  @Test
  void what_is_cut_off_counts_as_an_overflow() {
    for (int length = 1; length < 32; length++) {
      events.take(Arrays.copyOf(bytes(), length));

      assertThat(events.next()).isTrue();
      assertThat(events.has(Inotify.OVERFLOW)).isTrue();
      assertThat(events.next()).isFalse();
    }
  }
}
