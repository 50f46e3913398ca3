package io.driftless.cli.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The mount points that this process sees, as they were when it was read. */
public final class MountTable {
  private static final int MOUNT_POINT_FIELD = 4;

  private final Set<String> points;

  private MountTable(Set<String> points) {
    this.points = points;
  }

  /** The mounts of this process. */
  public static MountTable current() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo"), ISO_8859_1));
  }

  /** Lines in the form of {@code /proc/self/mountinfo}, one character for each byte. */
  static MountTable parse(List<String> lines) {
    Set<String> points = new HashSet<>();
    for (String line : lines) {
      String[] fields = line.split(" ", MOUNT_POINT_FIELD + 2);
      if (fields.length > MOUNT_POINT_FIELD) {
        points.add(unescape(fields[MOUNT_POINT_FIELD]));
      }
    }
    return new MountTable(points);
  }

  /** Tells whether something is mounted at exactly this place, its links resolved. */
  public boolean isMountPoint(Path path) {
    try {
      return points.contains(path.toRealPath().toString());
    } catch (IOException e) {
      return false; // what can't be resolved has nothing mounted on it that we could use
    }
  }

  /** The kernel writes blank, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    var bytes = new ByteArrayOutputStream(field.length());
    for (int at = 0; at < field.length(); at++) {
      if (field.charAt(at) == '\\' && at + 3 < field.length()) {
        bytes.write(Integer.parseInt(field.substring(at + 1, at + 4), 8));
        at += 3;
      } else {
        bytes.write(field.charAt(at));
      }
    }
    return bytes.toString(UTF_8);
  }
}
