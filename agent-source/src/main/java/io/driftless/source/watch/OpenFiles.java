package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.HeldFile;
import io.driftless.protocol.linux.HeldFiles;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.LoopDevices;
import io.driftless.protocol.linux.PathFinder;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of volumes that may change without an event: some process has them open for writing or
 * mapped shared and writable, or a loop device stands on them. Stores through a mapping and
 * asynchronous writes make no event, so these files have to be looked at now and then.
 *
 * @param volumes in the order of the roots
 * @param processes how many there were
 * @param hidden how many of them could not be looked into, for lack of CAP_SYS_PTRACE
 */
public record OpenFiles(List<InVolume> volumes, int processes, int hidden) {
  /**
   * Those of one volume.
   *
   * @param paths where they are
   * @param inodes those whose names aren't known: they have lost the one by which they were opened,
   *     and may lie outside the volume
   */
  public record InVolume(Set<TreePath> paths, Set<Long> inodes) {
    public InVolume {
      paths = Collections.unmodifiableSet(paths);
      inodes = Collections.unmodifiableSet(inodes);
    }
  }

  public OpenFiles {
    volumes = List.copyOf(volumes);
  }

  /**
   * Looks at all processes once. Costs about what their descriptors and mappings are; nothing of
   * the volumes is touched.
   *
   * @throws LinuxException if there is no {@code /proc}
   */
  public static OpenFiles look(List<ConfinedRoot> roots) throws LinuxException {
    try (var look = new Look(roots)) {
      HeldFiles.Census held = HeldFiles.visit(look::take);
      LoopDevices.backingFiles().forEach(look::takePath);
      var volumes = new ArrayList<InVolume>();
      look.places.forEach(place -> volumes.add(new InVolume(place.paths, place.inodes)));
      return new OpenFiles(volumes, held.processes(), held.hidden());
    }
  }

  private static final class Place {
    private final RootPath root;
    private final Set<TreePath> paths = new TreeSet<>();
    private final Set<Long> inodes = new TreeSet<>();

    private Place(RootPath root) {
      this.root = root;
    }

    private boolean isOnDevice(HeldFile file) {
      return file.status().device() == root.status().device();
    }

    private boolean isOnMount(HeldFile file) {
      return file.status().hasMountId() && file.status().mountId() == root.status().mountId();
    }

    private void add(byte[] absolute) {
      TreePath path = root.relative(absolute);
      if (path != null) {
        paths.add(path);
      }
    }
  }

  private static final class Look implements AutoCloseable {
    private final List<Place> places = new ArrayList<>();
    private final PathFinder finder = new PathFinder();

    private Look(List<ConfinedRoot> roots) throws LinuxException {
      try {
        for (ConfinedRoot root : roots) {
          var place = new Place(RootPath.open(root));
          places.add(place);
          place.root.isInPlace(finder);
        }
      } catch (LinuxException e) {
        close();
        throw e;
      }
    }

    private void take(HeldFile file) {
      byte[] path = file.path();
      for (Place place : places) {
        if (place.isOnMount(file) && !isDeleted(path)) {
          place.add(path);
        } else if (place.isOnDevice(file)) {
          search(file, place);
        }
      }
    }

    /** By its handle: the process may have other mounts, or the file another name. */
    private void search(HeldFile file, Place place) {
      switch (file.find(finder, place.root.fd())) {
        case FOUND -> place.add(finder.path());
        case SOMEWHERE_BELOW, UNKNOWN -> place.inodes.add(file.status().inode());
        case GONE -> {}
      }
    }

    private void takePath(byte[] absolute) {
      places.forEach(place -> place.add(absolute));
    }

    private static boolean isDeleted(byte[] path) {
      return path.length > 0 && path[path.length - 1] == ')';
    }

    @Override
    public void close() {
      places.forEach(place -> place.root.close());
    }
  }
}
