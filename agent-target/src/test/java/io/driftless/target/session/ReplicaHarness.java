package io.driftless.target.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.DurableStorage;
import io.driftless.target.commit.EpochLimits;
import io.driftless.target.compare.Exclusions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A replica under test with the source that talks to it. */
final class ReplicaHarness implements AutoCloseable {
  final ScriptedSource source = new ScriptedSource();
  final MemoryPoison poison = new MemoryPoison();
  final Path root;
  private final ReplicaSession session;

  ReplicaHarness(Path root) throws IOException {
    this(root, Standing.NEVER_SEEDED);
  }

  ReplicaHarness(Path root, Standing standing) throws IOException {
    this(options(root, standing), null);
  }

  ReplicaHarness(ReplicaOptions options, @Nullable DurableStorage storage) throws IOException {
    this.root = options.root();
    ConfinedRoot opened = ConfinedRoot.open(root.toString());
    DurableStorage used = storage != null ? storage : opened.fd()::syncFileSystem;
    session = ReplicaSession.open(options, source, poison, new Silent(), opened, used);
    source.connect(session);
  }

  private ReplicaHarness(ReplicaOptions options) throws IOException {
    this.root = options.root();
    session = ReplicaSession.openToRead(options, source, poison, new Silent());
    source.connect(session);
  }

  /** A session that only reads. */
  static ReplicaHarness toRead(Path root) throws IOException {
    return new ReplicaHarness(options(root, Standing.SEEDED));
  }

  static ReplicaOptions options(Path root, Standing standing) {
    return options(root, standing, Exclusions.NONE);
  }

  static ReplicaOptions options(Path root, Standing standing, Exclusions exclusions) {
    return options(root, standing, exclusions, TokenBucket.unlimited());
  }

  static ReplicaOptions options(
      Path root, Standing standing, Exclusions exclusions, TokenBucket disk) {
    return new ReplicaOptions(
        "test",
        root,
        ScriptedSource.SEED,
        standing,
        ReplicaOptions.SourceRoot.SAME,
        Owners.NUMERIC,
        exclusions,
        new Windows(4096, 64 * 1024, 64 << 20, 1024),
        4 << 20,
        2,
        EpochLimits.DEFAULT,
        Duration.ofMillis(50),
        InstantSource.system(),
        Optional.empty(),
        Shared.with(disk));
  }

  ReplicaSession session() {
    return session;
  }

  MemoryTree tree() {
    return source.tree;
  }

  PassResult pass() throws InterruptedException {
    return source.pass();
  }

  /** Compares the volume with the source's tree, entry by entry. */
  void requireEqual() throws IOException {
    var found = new TreeMap<TreePath, Metadata>();
    try (ConfinedRoot at = ConfinedRoot.open(root.toString())) {
      read(at, TreePath.ROOT, found);
      assertThat(found.keySet()).isEqualTo(tree().nodes().keySet());
      for (var node : tree().nodes().entrySet()) {
        Metadata here = requireNonNull(found.get(node.getKey()));
        assertThat(here.sameAs(node.getValue().metadata()))
            .as("%s%n is %s%n not %s", node.getKey(), here, node.getValue().metadata())
            .isTrue();
        if (here.kind() == Kind.REGULAR) {
          assertThat(content(at, node.getKey()))
              .as("content of %s", node.getKey())
              .isEqualTo(node.getValue().content());
        }
      }
    }
  }

  private static void read(ConfinedRoot root, TreePath path, TreeMap<TreePath, Metadata> into)
      throws IOException {
    try (Directory directory = root.open(path);
        DirectoryEntries entries = directory.entries()) {
      into.put(path, MetadataReader.read(directory.fd(), directory.fd().status()));
      while (entries.next()) {
        Name name = entries.name();
        if (entries.kind() == Kind.DIRECTORY) {
          read(root, path.resolve(name), into);
        } else {
          into.put(
              path.resolve(name), MetadataReader.read(directory, name, directory.status(name)));
        }
      }
    }
  }

  static byte[] content(ConfinedRoot root, TreePath path) throws IOException {
    try (Directory directory = root.open(path.parent());
        Fd file = directory.openForReading(path.name());
        java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
      var memory = arena.allocate(Math.max(1, file.status().size()));
      int read = file.readAt(0, memory);
      return memory.asSlice(0, read).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
  }

  @Override
  public void close() throws InterruptedException {
    session.fence();
  }

  /** Remembers in memory. */
  static final class MemoryPoison implements PoisonStore {
    final Set<TreePath> entries = new HashSet<>();
    final Set<TreePath> unproven = new HashSet<>();

    @Override
    public synchronized Set<TreePath> poisoned() {
      return Set.copyOf(entries);
    }

    @Override
    public synchronized void poison(List<TreePath> more) {
      entries.addAll(more);
    }

    @Override
    public synchronized void healed(List<TreePath> less) {
      less.forEach(entries::remove);
    }

    @Override
    public synchronized Set<TreePath> unproven() {
      return Set.copyOf(unproven);
    }

    @Override
    public synchronized void doubt(List<TreePath> directories) {
      unproven.addAll(directories);
    }

    @Override
    public synchronized void proven() {
      unproven.clear();
    }
  }

  private static final class Silent implements ReplicaObserver {
    @Override
    public void passBegan(BeginPass pass) {}

    @Override
    public void problems(long more) {}

    @Override
    public void sawAll(Population population) {}

    @Override
    public void passEnded(BeginPass pass, PassResult result) {}
  }
}
