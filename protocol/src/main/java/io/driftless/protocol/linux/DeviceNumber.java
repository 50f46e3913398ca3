package io.driftless.protocol.linux;

/** Which device a node stands for. */
public record DeviceNumber(int major, int minor) {
  private static final int MAJOR_MAX = 0xfff;
  private static final int MINOR_MAX = 0xfffff;

  public DeviceNumber {
    if (major < 0 || major > MAJOR_MAX || minor < 0 || minor > MINOR_MAX) {
      throw new IllegalArgumentException("no device has the number %d:%d".formatted(major, minor));
    }
  }

  /** As {@code mknodat} takes it: 12 bits of major between 8 and 12 bits of minor. */
  long encoded() {
    return (minor & 0xff) | (long) major << 8 | (long) (minor & ~0xff) << 12;
  }
}
