package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;

/** Names, contents, attributes and times, picked so that they are awkward rather often. */
final class RandomValues {
  private static final List<Name> NAMES = names();
  private static final long[] MOMENTS = {
    0, -1, -2_147_483_648L, 2_147_483_647L, 2_147_483_648L, 4_294_967_296L, 13_569_465_600L, 1
  };
  private static final int[] IDS = {0, 1, 33, 1000, 65_534, 2_000_000_000};
  private static final String[] ATTRIBUTES = {
    "user.a", "user.b", "user.long-name-of-an-attribute", "trusted.t", "user.\u00e4 b"
  };
  private static final int UNDEFINED_ID = -1;

  private final RandomGenerator random;

  RandomValues(RandomGenerator random) {
    this.random = random;
  }

  private static List<Name> names() {
    var names = new java.util.ArrayList<Name>();
    for (String name : List.of("a", "b", "c", "d", "e", "f", "log", "db", "image", "conf.d")) {
      names.add(Name.of(name));
    }
    for (String name :
        List.of("-rf", " x ", "new\nline", "*?[", "\u00e4", "a\u0308", "A", "\ud83d\ude00")) {
      names.add(Name.of(name));
    }
    names.add(Name.of(new byte[] {(byte) 0xff, (byte) 0xfe, 'x'}));
    names.add(Name.of(new byte[] {'c', (byte) 0x9b, 0x1b, '['}));
    names.add(Name.of("n".repeat(Name.MAX_BYTES)));
    names.add(Name.of("m".repeat(Name.MAX_BYTES - 1)));
    return List.copyOf(names);
  }

  /** Of a few dozen, so that names come again as something else. */
  Name name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** Content that is noise, zeros, or repeats itself. */
  MemorySegment content(Arena arena, long length) {
    MemorySegment content = arena.allocate(length);
    switch (random.nextInt(4)) {
      case 0 -> content.fill((byte) 0);
      case 1 -> content.fill((byte) random.nextInt());
      default -> noise(content);
    }
    return content;
  }

  private void noise(MemorySegment content) {
    byte[] bytes = new byte[(int) content.byteSize()];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, content, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  long smallLength() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> 4096L + random.nextInt(3) - 1;
      default -> random.nextInt(20_000);
    };
  }

  int permissions() {
    return random.nextInt(3) == 0 ? random.nextInt(0x1000) : 0x180 | random.nextInt(0x200);
  }

  int id() {
    return IDS[random.nextInt(IDS.length)];
  }

  long seconds() {
    return random.nextBoolean()
        ? MOMENTS[random.nextInt(MOMENTS.length)]
        : 1_700_000_000L + random.nextInt(4);
  }

  int nanos() {
    return random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000);
  }

  byte[] attribute() {
    return ATTRIBUTES[random.nextInt(ATTRIBUTES.length)].getBytes(UTF_8);
  }

  byte[] value() {
    byte[] value = new byte[random.nextInt(8) == 0 ? random.nextInt(1500) : random.nextInt(20)];
    random.nextBytes(value);
    return value;
  }

  /** A list as the kernel takes it: owner, a named user, perhaps a named group, mask, others. */
  byte[] accessControlList() {
    ByteBuffer list = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    entry(list, 0x01, UNDEFINED_ID);
    entry(list, 0x02, 1 + id());
    entry(list, 0x04, UNDEFINED_ID);
    if (random.nextBoolean()) {
      entry(list, 0x08, id());
    }
    entry(list, 0x10, UNDEFINED_ID);
    entry(list, 0x20, UNDEFINED_ID);
    byte[] bytes = new byte[list.position()];
    list.flip().get(bytes);
    return bytes;
  }

  private void entry(ByteBuffer list, int tag, int id) {
    list.putShort((short) tag).putShort((short) random.nextInt(8)).putInt(id);
  }

  /** Two words of permitted and inheritable capabilities each, revision 2. */
  byte[] capabilities() {
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x0200_0000 | random.nextInt(2))
        .putInt(1 << random.nextInt(20))
        .array();
  }
}
