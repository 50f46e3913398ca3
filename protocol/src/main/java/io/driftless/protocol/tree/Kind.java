package io.driftless.protocol.tree;

/** What an entry is. The codes are those of the kernel's {@code S_IFMT}, shifted right by 12. */
public enum Kind {
  FIFO(1),
  CHARACTER_DEVICE(2),
  DIRECTORY(4),
  BLOCK_DEVICE(6),
  REGULAR(8),
  SYMLINK(10),
  SOCKET(12);

  private static final Kind[] BY_CODE = new Kind[16];

  static {
    for (Kind kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  private final int code;

  Kind(int code) {
    this.code = code;
  }

  /** The kind in the upper bits of {@code st_mode}; the same number as {@code d_type}. */
  public int code() {
    return code;
  }

  /**
   * The kind with this code.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Kind ofCode(int code) {
    Kind kind = code < 0 || code > 15 ? null : BY_CODE[code];
    if (kind == null) {
      throw new IllegalArgumentException("no kind of entry has the code " + code);
    }
    return kind;
  }

  public boolean isDevice() {
    return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
  }
}
