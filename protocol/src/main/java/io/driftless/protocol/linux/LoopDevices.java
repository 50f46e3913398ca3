package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The loop devices of this host. */
public final class LoopDevices {
  private static final byte[] LOOP = {'l', 'o', 'o', 'p'};
  private static final Name READ_ONLY = Name.of("ro");

  private LoopDevices() {}

  /** The paths of files that are written to through a device; empty where sysfs isn't there. */
  public static List<byte[]> backingFiles() {
    var files = new ArrayList<byte[]>();
    try (ConfinedRoot devices = ConfinedRoot.open("/sys/devices/virtual/block");
        Directory top = devices.open(TreePath.ROOT);
        DirectoryEntries entries = top.entries()) {
      while (entries.next()) {
        if (Arrays.mismatch(entries.name().toBytes(), LOOP) == LOOP.length) {
          addBackingFile(devices, TreePath.ROOT.resolve(entries.name()), files);
        }
      }
    } catch (LinuxException e) {
      return files; // no sysfs, or no loop devices
    }
    return files;
  }

  private static void addBackingFile(ConfinedRoot devices, TreePath device, List<byte[]> files)
      throws LinuxException {
    TreePath loop = device.resolve(Name.of("loop"));
    byte[] readOnly = read(devices, device, READ_ONLY);
    byte[] file = read(devices, loop, Name.of("backing_file"));
    boolean isWritable = readOnly.length == 0 || readOnly[0] == '0';
    if (isWritable && file.length > 1) {
      files.add(Arrays.copyOf(file, file.length - 1)); // without the line's end
    }
  }

  /** Empty where there is none: the device is not in use. */
  private static byte[] read(ConfinedRoot devices, TreePath path, Name name) throws LinuxException {
    try (Directory directory = devices.openIfPresent(path);
        Fd file = directory == null ? null : directory.openForReadingIfPresent(name);
        var arena = java.lang.foreign.Arena.ofConfined()) {
      if (file == null) {
        return new byte[0];
      }
      var memory = arena.allocate(Scratch.PATH_BYTES + 1);
      int count = file.readAt(0, memory);
      return memory.asSlice(0, count).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
  }
}
