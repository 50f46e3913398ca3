package io.driftless.source.scan;

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
  private final List<Name> subdirectories = new ArrayList<>();
  private final List<Linked> linked = new ArrayList<>();
  private final OwnerCensus.OfSlice owners = new OwnerCensus.OfSlice();
  private int files;
  private long bytes;
  private int others;

  StatusScan(WalkContext context) {
    this.context = context;
  }

  /** A file with several names, of all of which account is kept in each pass. */
  private record Linked(Name name, FileStatus status) {}

  /** Tells whether the slice still has a witness. */
  boolean isStill(long witness, Visit.Open open, NameList names, boolean withSelf) {
    subdirectories.clear();
    linked.clear();
    files = 0;
    bytes = 0;
    others = 0;
    owners.clear();
    var sum = new WitnessSum(context.hash(), 0);
    if (withSelf) {
      sum.add(null, open.status());
      owners.add(open.status());
    }
    for (int i = 0; i < names.size(); i++) {
      Name name = names.name(i);
      if (names.kind(i) == Kind.DIRECTORY) {
        subdirectories.add(name);
        sum.addSubdirectory(name);
      } else if (!add(open, name, sum)) {
        return false;
      }
    }
    return sum.value() == witness;
  }

  private boolean add(Visit.Open open, Name name, WitnessSum sum) {
    FileStatus status;
    try {
      status = open.directory().statusIfPresent(name);
    } catch (LinuxException e) {
      return false; // whoever reads the slice says why
    }
    if (status == null || status.isDirectory() || status.isMountRoot()) {
      return false;
    }
    if (status.isRegular()) {
      files++;
      bytes += status.size();
    } else {
      others++;
    }
    if (status.linkCount() > 1) {
      linked.add(new Linked(name, status));
    }
    sum.add(name, status);
    owners.add(status);
    return true;
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
