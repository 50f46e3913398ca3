package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sources that can't be read, or lie elsewhere than before: the target loses nothing by it. */
final class SourceTroubleIT extends TwoTrees {
  private static final int LONG_NAMES = 1500;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "strace", "mount", "umount", "losetup");
  }

  private static void run(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  private static long number(Program.Run run, String name) {
    Matcher matcher = Pattern.compile("\"%s\":(\\d+)".formatted(name)).matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Test
  @DisplayName("C69: a source that becomes unreadable half-way: nothing below is deleted")
  void a_source_that_becomes_unreadable_half_way() throws Exception {
    run(source, "mkdir -p wide/below whole; echo x >wide/below/file; echo x >whole/file");
    run(source, "for i in $(seq %d); do : >wide/$i-%0200d; done".formatted(LONG_NAMES, 0));
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      run(source, "rm -r wide/below wide/1*; rm whole/file; echo new >whole/new");
      String before = new Shell(target).output("bash", "-c", "ls wide | sort; ls wide/below");

      Program.Run refused;
      long pid = hosts.sourceAgent().pid();
      try (var _ =
          Tracer.failing(pid, "getdents64", source.resolve("wide"), "EIO", "2+", scratch)) {
        refused = hosts.onSource("sync", TwoHosts.VOLUME);
      }

      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(4);
      assertThat(refused.err()).startsWith("error: incomplete-source: www: ");
      assertThat(hosts.onSource("problems", TwoHosts.VOLUME).out()).contains("unreadable", "wide");
      assertThat(new Shell(target).output("bash", "-c", "ls wide | sort; ls wide/below"))
          .isEqualTo(before);
      assertThat(target.resolve("whole/new")).hasContent("new");
      assertThat(target.resolve("whole/file")).exists();

      hosts.onSource("sync", TwoHosts.VOLUME, "--allow-deletes").expect(0);
      Judge.assertAlike(source, target);
    }
  }

  @Test
  @DisplayName("C10: a nested mount that appears or disappears between passes takes nothing along")
  void a_nested_mount_that_comes_and_goes() throws IOException {
    Path nested = Files.createDirectory(source.resolve("nested"));
    run(source, "mkdir nested/below; for i in $(seq 9); do echo $i >nested/below/$i; done");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);

      run(scratch, "mount -t tmpfs -o size=1m none " + nested);
      try {
        Files.writeString(nested.resolve("other"), "of another file system");
        Program.Run appeared = hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
        assertThat(appeared.out() + appeared.err()).contains("mount-point", "nested");
        assertThat(target.resolve("nested/below")).isNotEmptyDirectory();
        assertThat(target.resolve("nested/other")).doesNotExist();
      } finally {
        run(scratch, "umount " + nested);
      }

      run(source, "rm nested/below/1; echo new >nested/below/new");
      Program.Run gone = hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      assertThat(gone.out() + gone.err()).contains("mount-changed", "nested");
      assertThat(target.resolve("nested/below/1")).exists();
      assertThat(target.resolve("nested/below/new")).doesNotExist();

      hosts.onSource("sync", TwoHosts.VOLUME, "--allow-deletes").expect(0);
      Judge.assertAlike(source, target);
    }
  }

  @Test
  @DisplayName("C84: after a reboot that numbers devices anew nothing counts as changed")
  void devices_that_have_other_numbers() throws Exception {
    try (LoopFileSystem there = LoopFileSystem.in(scratch, Type.EXT4, 64);
        LoopFileSystem here = LoopFileSystem.in(scratch, Type.EXT4, 64)) {
      run(there.root(), "rmdir lost+found; mkdir d; head -c 3M /dev/urandom >large");
      run(there.root(), "for i in $(seq 300); do echo $i >d/$i; done; ln d/1 d/one");
      run(here.root(), "rmdir lost+found"); // the judge sees it
      try (TwoHosts hosts = TwoHosts.start(program, scratch, there.root(), here.root())) {
        hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
        requireNothingMoves(hosts); // and what was too fresh to be remembered is, from now on
        Object before = device(there);

        reboot(hosts, there, here);

        assertThat(device(there)).isNotEqualTo(before);
        requireNothingMoves(hosts);
        Judge.assertAlike(there.root(), here.root());
        Files.delete(there.root().resolve("d/7"));
        hosts.onSource("sync", TwoHosts.VOLUME).expect(0); // and no guard
        assertThat(here.root().resolve("d/7")).doesNotExist();
      }
    }
  }

  private static Object device(LoopFileSystem disk) throws IOException {
    return Files.getAttribute(disk.root(), "unix:dev");
  }

  /** Each takes the number that the other had. */
  private static void reboot(TwoHosts hosts, LoopFileSystem there, LoopFileSystem here)
      throws IOException {
    hosts.sourceAgent().terminate();
    hosts.targetAgent().terminate();
    there.unmount();
    here.unmount();
    here.mount();
    there.mount();
    hosts.startTarget();
    hosts.startSource();
  }

  private static void requireNothingMoves(TwoHosts hosts) {
    Program.Run run = hosts.onSource("sync", TwoHosts.VOLUME, "--json").expect(0);
    assertThat(number(run, "filesTransferred")).as(run.out()).isZero();
    assertThat(number(run, "literalBytes")).as(run.out()).isZero();
    assertThat(number(run, "metadataOnly")).as(run.out()).isZero();
    assertThat(number(run, "wireBytesSent")).as(run.out()).isLessThan(6 << 10);
  }
}
