package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts of this process, as {@code /proc/self/mountinfo} tells them.
 *
 * <pre>
 * 36 35 98:0 /root-of-it /mount/point options ...
 * </pre>
 */
public final class MountTable {
  private static final int ID = 0;
  private static final int DEVICE = 2;
  private static final int ROOT = 3;
  private static final int POINT = 4;

  private final List<String[]> lines;

  private MountTable(List<String[]> lines) {
    this.lines = lines;
  }

  static MountTable parse(String text) {
    var lines = new ArrayList<String[]>();
    for (String line : text.split("\n")) {
      String[] fields = line.split(" ");
      if (fields.length > POINT) {
        lines.add(fields);
      }
    }
    return new MountTable(lines);
  }

  /** As it is now. */
  public static MountTable read() throws LinuxException {
    return parse(new String(Proc.read("/proc/self/mountinfo"), ISO_8859_1));
  }

  /**
   * Where the top of the file system of a mount is mounted as well, if anywhere. Something else may
   * be mounted over it: see {@link #isSameFileSystem}.
   */
  public List<byte[]> topsOf(long mountId) {
    String device = deviceOf(mountId);
    var tops = new ArrayList<byte[]>();
    for (String[] line : lines) {
      if (line[DEVICE].equals(device) && line[ROOT].equals("/")) {
        tops.add(unescaped(line[POINT]));
      }
    }
    return tops;
  }

  /** Tells whether two mounts show the same file system, be it different parts of it. */
  public boolean isSameFileSystem(long oneMountId, long otherMountId) {
    String device = deviceOf(oneMountId);
    return !device.isEmpty() && device.equals(deviceOf(otherMountId));
  }

  private String deviceOf(long mountId) {
    for (String[] line : lines) {
      if (line[ID].equals(Long.toString(mountId))) {
        return line[DEVICE];
      }
    }
    return "";
  }

  /** Space, tab, newline and backslash are written as octal numbers. */
  private static byte[] unescaped(String field) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && i + 3 < field.length()) {
        bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(field.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
