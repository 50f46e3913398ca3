package io.driftless.trial;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.trial.Surroundings.NothingFitsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A tree that changes at random, and a record of how.
 *
 * <p>The changes depend on the seed, the file system's type and the numbers of changes asked for. A
 * change that the kernel refuses is recorded as such and goes without effect.
 */
final class RandomTree {
  private static final int RECORDED_MAX = 400;
  private static final int NODES_MAX = 90;

  private final Path root;
  private final TreeModel model;
  private final RandomGenerator random;
  private final Deque<String> record;
  private final Told told;

  /** Whether there are changes that the kernel tells nobody of. */
  enum Told {
    ALL,
    NOT_ALL
  }

  RandomTree(Path root, RandomGenerator random, Told told) {
    this(root, new TreeModel(), random, new ArrayDeque<>(), told);
  }

  private RandomTree(
      Path root, TreeModel model, RandomGenerator random, Deque<String> record, Told told) {
    this.told = told;
    this.root = root;
    this.model = model;
    this.random = random;
    this.record = record;
  }

  /** What somebody else does to an equal tree elsewhere; kept in the same record. */
  RandomTree strangerIn(Path replica) {
    return new RandomTree(replica, model.copy(), random, record, told);
  }

  private interface Change {
    String make() throws NothingFitsException, IOException;
  }

  private record Weighted(int weight, Change change) {}

  /** Makes so many attempts to change something. */
  void change(int attempts) throws IOException {
    try (ConfinedRoot open = ConfinedRoot.open(root.toString())) {
      var here = new Surroundings(open, model, random, new RandomValues(random));
      List<Weighted> changes = changes(here);
      for (int i = 0; i < attempts; i++) {
        make(model.size() > NODES_MAX ? new NameChanges(here)::remove : pick(changes));
      }
    }
  }

  private void make(Change change) throws IOException {
    try {
      note(change.make());
    } catch (LinuxException refused) {
      note("refused: " + refused.getMessage());
    } catch (NothingFitsException nothing) {
      note("nothing fits");
    }
  }

  /** Says something that the record should tell. */
  void note(String line) {
    String shown = line.replace(root.toString(), "").replaceAll("(.)\\1{60,}", "$1$1...");
    record.addLast(root.getFileName() + ": " + shown);
    if (record.size() > RECORDED_MAX) {
      record.removeFirst();
    }
  }

  /** The last changes, newest first, so that what cuts a message short takes the oldest. */
  String history() {
    return String.join("\n", record.reversed());
  }

  int size() {
    return model.size();
  }

  private Change pick(List<Weighted> changes) {
    int left = random.nextInt(changes.stream().mapToInt(Weighted::weight).sum());
    for (Weighted each : changes) {
      left -= each.weight;
      if (left < 0) {
        return each.change;
      }
    }
    throw new AssertionError("weights do not add up");
  }

  private List<Weighted> changes(Surroundings here) {
    var changes = new ArrayList<Weighted>();
    ofNames(changes, new NameChanges(here));
    ofContents(changes, new ContentChanges(here));
    var attributes = new AttributeChanges(here);
    ofAttributes(changes, attributes);
    if (told == Told.NOT_ALL) {
      ofFlags(changes, attributes);
    }
    return changes;
  }

  private static void ofNames(List<Weighted> changes, NameChanges names) {
    changes.add(new Weighted(14, names::createFile));
    changes.add(new Weighted(1, names::createLargeFile));
    changes.add(new Weighted(7, names::createDirectory));
    changes.add(new Weighted(3, names::createSymlink));
    changes.add(new Weighted(3, names::createSpecial));
    changes.add(new Weighted(6, names::link));
    changes.add(new Weighted(4, names::remove));
    changes.add(new Weighted(1, names::removeDirectory));
    changes.add(new Weighted(6, names::rename));
    changes.add(new Weighted(5, names::renameDirectory));
    changes.add(new Weighted(5, names::exchange));
    changes.add(new Weighted(4, names::saveAnew));
    changes.add(new Weighted(4, names::leaveGroup));
  }

  private static void ofContents(List<Weighted> changes, ContentChanges contents) {
    changes.add(new Weighted(5, contents::overwrite));
    changes.add(new Weighted(3, contents::append));
    changes.add(new Weighted(3, contents::truncate));
    changes.add(new Weighted(3, contents::punch));
    changes.add(new Weighted(1, contents::reserve));
    changes.add(new Weighted(2, contents::writeBeyondTheEnd));
    changes.add(new Weighted(3, contents::insert));
    changes.add(new Weighted(3, contents::storeThroughMapping));
    changes.add(new Weighted(2, contents::copyOver));
    changes.add(new Weighted(1, contents::restoreTimeAlone));
  }

  private static void ofAttributes(List<Weighted> changes, AttributeChanges attributes) {
    changes.add(new Weighted(4, attributes::chmod));
    changes.add(new Weighted(4, attributes::chown));
    changes.add(new Weighted(3, attributes::setTimes));
    changes.add(new Weighted(3, attributes::setAccess));
    changes.add(new Weighted(3, attributes::setDefault));
    changes.add(new Weighted(2, attributes::setCapability));
    changes.add(new Weighted(3, attributes::setAttribute));
    changes.add(new Weighted(3, attributes::removeAttribute));
  }

  private static void ofFlags(List<Weighted> changes, AttributeChanges attributes) {
    changes.add(new Weighted(4, attributes::changeFlags));
    changes.add(new Weighted(4, attributes::thaw));
  }
}
