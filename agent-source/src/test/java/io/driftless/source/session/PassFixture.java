package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.filter.FilterRule;
import io.driftless.protocol.filter.Origin;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.FakeReplica.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A directory, a fake target, and passes from one to the other. */
final class PassFixture implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  final Path root;
  final FakeTarget target = new FakeTarget();
  final List<Problem> problems = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  final List<Difference> differences = new ArrayList<>();
  final Map<TreePath, ContentSum> hashes = new ConcurrentHashMap<>();
  PassRequest request = PassRequest.PLAIN;
  final List<TreePath> mountPoints = new ArrayList<>();
  List<String> filters = List.of();
  List<Path> ownPaths = List.of();
  Owners owners = Owners.NUMERIC;
  Optional<Path> witnesses = Optional.empty();
  DiskPace pace = DiskPace.unlimited();

  /** How often a line was told to have ended. */
  volatile int lineEnds;

  /** Ahead, so that what a test has just written counts as settled. */
  InstantSource clock = () -> Instant.now().plusSeconds(1);

  private final Path scratch;
  private long passes;

  PassFixture(Path base) throws IOException {
    this.root = Files.createDirectories(base.resolve("volume"));
    this.scratch = Files.createDirectories(base.resolve("scratch"));
  }

  Path write(String path, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new java.util.SplittableRandom(path.hashCode()).nextBytes(content);
    return write(path, content);
  }

  Path write(String path, byte[] content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return file;
  }

  PassRun newPass() {
    problems.clear();
    notices.clear();
    var receiver =
        new PassFindings() {
          @Override
          public void problems(List<Problem> found) {
            problems.addAll(found);
          }

          @Override
          public void differences(List<Difference> found) {
            differences.addAll(found);
          }

          @Override
          public void hashed(TreePath path, ContentSum content) {
            hashes.put(path, content);
          }

          @Override
          public void notices(List<Notice> found) {
            notices.addAll(found);
          }

          @Override
          public List<TreePath> mountPoints() {
            return List.copyOf(mountPoints);
          }

          @Override
          public void mountPoints(List<TreePath> more) {
            mountPoints.addAll(more);
          }

          @Override
          public void forgetMountPoints() {
            mountPoints.clear();
          }

          @Override
          public void met(long generation, long seed) {}
        };
    return new PassRun(settings(), target, request, ++passes, receiver, clock);
  }

  private PassSettings settings() {
    var filter =
        Filter.of(
            filters.stream().map(line -> FilterRule.parse(line, Origin.COMMAND_LINE)).toList());
    return new PassSettings(
        "vol",
        root,
        Access.WRITE,
        0,
        filter,
        filters,
        owners,
        ownPaths,
        scratch,
        witnesses,
        pace,
        Priority.NORMAL,
        1);
  }

  /** A line for changes; whoever asks closes it. */
  Line openLine() throws InterruptedException {
    Line.Opening opening =
        ChangeLine.open(settings(), target, mountPoints, clock, () -> lineEnds++);
    assertThat(opening).isInstanceOf(Line.Opening.Opened.class);
    return ((Line.Opening.Opened) opening).line();
  }

  PassEnding pass() throws InterruptedException {
    return run(newPass());
  }

  /** Runs a pass in a thread of its own, so that one that hangs fails the test. */
  static PassEnding run(PassRun pass) throws InterruptedException {
    var task = new FutureTask<>(pass::run);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      var dump = new StringBuilder();
      Thread.getAllStackTraces()
          .forEach((other, frames) -> {
            if (other.getName().startsWith("vol-") || other == thread) {
              dump.append('\n').append(other.getName());
              for (StackTraceElement frame : frames) {
                dump.append("\n   ").append(frame);
              }
            }
          });
      thread.interrupt();
      throw new AssertionError("the pass hangs" + dump, e);
    }
  }

  void passCompletes() throws InterruptedException {
    PassEnding ending = pass();
    assertThat(target.breaches).isEmpty();
    assertThat(ending).isInstanceOf(PassEnding.Complete.class);
  }

  /** Asserts that the target has all that is in the directory, and nothing else. */
  void targetEqualsDirectory() throws IOException {
    Map<TreePath, Node> got = target.replica.everything();
    var expected = new TreeSet<TreePath>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        if (!path.equals(root)) {
          TreePath tree = TreePath.of(root.relativize(path).toString());
          expected.add(tree);
          assertThat(got).containsKey(tree);
          same(path, tree, requireNonNull(got.get(tree)));
        }
      }
    }
    assertThat(got.keySet()).isEqualTo(expected);
  }

  private void same(Path path, TreePath tree, Node node) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
    Entry entry = node.entry;
    if (entry.kind() == Kind.DIRECTORY) {
      entry = requireNonNull(target.replica.self(tree), "self of " + tree);
    }
    int mode = (int) requireNonNull(is.get("mode"));
    assertThat(entry.kind().code()).as("kind of %s", tree).isEqualTo(mode >>> 12);
    if (entry.kind() != Kind.SYMLINK) {
      assertThat(entry.metadata().permissions()).as("mode of %s", tree).isEqualTo(mode & 07777);
    }
    assertThat(entry.metadata().owner()).isEqualTo(is.get("uid"));
    assertThat(entry.metadata().group()).isEqualTo(is.get("gid"));
    Instant modified = ((FileTime) requireNonNull(is.get("lastModifiedTime"))).toInstant();
    assertThat(entry.metadata().modified().seconds()).isEqualTo(modified.getEpochSecond());
    assertThat(entry.metadata().modified().nanos()).isEqualTo(modified.getNano());
    if (entry.kind() == Kind.REGULAR) {
      assertThat(node.content).as("content of %s", tree).isEqualTo(Files.readAllBytes(path));
    }
    if (entry.kind() == Kind.SYMLINK) {
      assertThat(entry.metadata().linkTarget().toString())
          .isEqualTo(Files.readSymbolicLink(path).toString());
    }
  }

  /** Asserts that nothing of what was allocated is left, and no thread. */
  void nothingIsLeft() {
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("vol-")))
        .isEmpty();
    org.awaitility.Awaitility.await()
        .atMost(5, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(target.allocator.metric().usedDirectMemory()).isZero());
  }

  @Override
  public void close() {
    target.close();
  }
}
