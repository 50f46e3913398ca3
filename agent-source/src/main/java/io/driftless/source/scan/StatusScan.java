package io.driftless.source.scan;

import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.witness.WitnessSum;
import io.driftless.source.scan.ListingScan.Counting;
import io.driftless.source.send.OpenSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the status of each entry of a slice, and at nothing else, to find out whether the slice
 * is as it was. Confined to one thread.
 */
final class StatusScan {
  private final WalkContext context;
  private final Steps steps;
  private final List<Name> subdirectories = new ArrayList<>();
  private final List<Linked> linked = new ArrayList<>();
  private final OwnerCensus.OfSlice owners = new OwnerCensus.OfSlice();
  private WitnessSum sum;
  private int files;
  private long bytes;
  private int others;

  StatusScan(WalkContext context) {
    this.context = context;
    this.steps = new Steps(context);
    this.sum = new WitnessSum(context.hash(), 0);
  }

  /** A file with several names, of all of which account is kept in each pass. */
  private record Linked(Name name, FileStatus status) {}

  /**
   * Tells whether a directory still has a witness, in one reading of it; no names are made for that
   * but those of its subdirectories.
   *
   * @param entriesMax of a directory that is one slice; one with more has changed
   */
  boolean isStill(long witness, Visit.Open open, int entriesMax) throws InterruptedException {
    begin();
    addSelf(open);
    try (DirectoryEntries entries = open.directory().entries()) {
      while (entries.next()) {
        if (!add(open, entries) || entries() > entriesMax) {
          return false;
        }
      }
    } catch (LinuxException e) {
      return false; // whoever reads the slice says why
    }
    return sum.value() == witness;
  }

  private boolean add(Visit.Open open, DirectoryEntries entry)
      throws LinuxException, InterruptedException {
    Kind told = entry.kind();
    steps.next();
    FileStatus status = told == Kind.DIRECTORY ? null : entry.statusIfPresent();
    if (told != Kind.DIRECTORY && status == null) {
      return false;
    }
    Kind kind = told == null && status != null ? status.kind() : told;
    if (kind != null && open.exclusions().excludes(entry, kind)) {
      return true;
    }
    if (status == null || kind == Kind.DIRECTORY) {
      addSubdirectory(entry.name());
      return true;
    }
    if (status.linkCount() > 1) {
      linked.add(new Linked(entry.name(), status));
    }
    return add(entry.nameHash(context.hash()), status);
  }

  /** Tells whether a scope of a directory still has a witness. */
  boolean isStill(long witness, Visit.Open open, NameList names, boolean withSelf)
      throws InterruptedException {
    begin();
    if (withSelf) {
      addSelf(open);
    }
    try {
      for (int i = 0; i < names.size(); i++) {
        if (!add(open, names.name(i), names.kind(i))) {
          return false;
        }
      }
    } catch (LinuxException e) {
      return false; // whoever reads the slice says why
    }
    return sum.value() == witness;
  }

  private boolean add(Visit.Open open, Name name, Kind kind)
      throws LinuxException, InterruptedException {
    steps.next();
    if (kind == Kind.DIRECTORY) {
      addSubdirectory(name);
      return true;
    }
    FileStatus status = open.directory().statusIfPresent(name);
    if (status == null) {
      return false;
    }
    if (status.linkCount() > 1) {
      linked.add(new Linked(name, status));
    }
    return add(context.hash().hash64(name), status);
  }

  private void begin() {
    subdirectories.clear();
    linked.clear();
    files = 0;
    bytes = 0;
    others = 0;
    owners.clear();
    sum = new WitnessSum(context.hash(), 0);
  }

  private void addSelf(Visit.Open open) {
    sum.add(null, open.status());
    owners.add(open.status());
  }

  private void addSubdirectory(Name name) {
    subdirectories.add(name);
    sum.addSubdirectory(name);
  }

  /** Adds what is no directory; returns false if it is one after all, or something is mounted. */
  private boolean add(long nameHash, FileStatus status) {
    if (status.isDirectory() || status.isMountRoot()) {
      return false;
    }
    if (status.isRegular()) {
      files++;
      bytes += status.size();
    } else {
      others++;
    }
    sum.add(nameHash, status);
    owners.add(status);
    return true;
  }

  /** How many there are in the slice, without the directory itself. */
  int entries() {
    return subdirectories.size() + files + others;
  }

  /** Counts what was met, and keeps account of names of the same inode. */
  void count(OpenSlice slice, Visit.Open open, Counting counts) throws IOException {
    for (Linked file : linked) {
      context.links().met(file.status(), open.path(), file.name());
    }
    if (counts == Counting.FOUND_NOW) {
      context.tally().found(files, bytes, others);
      context.owners().add(owners);
    }
    slice.count(files + others, bytes);
  }

  List<Name> subdirectories() {
    return subdirectories;
  }
}
