package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.json.Fields;
import io.driftless.cli.json.JsonText;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What verifications and dry runs tell, and that they change nothing. */
final class VerifyIT extends TwoTrees {
  private static final long SEED = 20_261_123;
  private static final long MEBIBYTES = 96;

  /** Times and inodes of everything; find itself moves access times of all but files. */
  private static final String STATE =
      "find . -printf '%P %y %i %m %U %G %n %s %b %T@ %C@ ' \\( -type f -printf '%A@' -o -true \\)"
          + " -printf '%l\\n' | sort";

  private LoopFileSystem sourceDisk;
  private LoopFileSystem targetDisk;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "setfacl", "getfattr", "setfattr", "setcap", "chattr");
    Needs.tools("lsattr", "perl", "fallocate", "sha256sum", "mknod");
    sourceDisk = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, MEBIBYTES);
    targetDisk = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, MEBIBYTES);
    source = Files.createDirectory(sourceDisk.root().resolve("tree"));
    target = Files.createDirectory(targetDisk.root().resolve("tree"));
  }

  @AfterEach
  @Override
  void cleanUp() {
    super.cleanUp();
    Stream.of(source, target).forEach(VarietyTree::unlock);
    Stream.of(sourceDisk, targetDisk).forEach(VerifyIT::close);
  }

  private static void close(LoopFileSystem disk) {
    try {
      disk.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** All but what is so large that nothing but the hashing of holes would take time. */
  private void fillSource() throws IOException {
    VarietyTree.fill(source, SEED, scratch);
    bash(source, "find . -type f -size +100M -exec rm -f {} +");
    bash(source, TRAITS);
  }

  private static void bash(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  private List<String> stateOfTarget() {
    return new Shell(target).output("bash", "-c", STATE).lines().toList();
  }

  private void assertThatTargetIs(List<String> before) {
    List<String> now = stateOfTarget();
    assertThat(now.stream().filter(line -> !before.contains(line))).as("what changed").isEmpty();
    assertThat(now).hasSameSizeAs(before);
  }

  /** What a verification with these options finds: path and trait. */
  private List<String> differences(TwoHosts hosts, int exitCode, String... options)
      throws IOException {
    Path report = scratch.resolve("report.jsonl");
    String[] all =
        Stream.concat(
                Stream.of("verify", TwoHosts.VOLUME, "--report", report.toString()),
                Stream.of(options))
            .toArray(String[]::new);
    hosts.onSource(all).expect(exitCode);
    return Files.readAllLines(report, UTF_8).stream()
        .skip(1)
        .map(JsonText::parse)
        .map(Fields::new)
        .map(each -> each.text("path") + " " + each.text("difference"))
        .map(each -> each.replace("links-broken", "links-other")) // whichever is met later
        .sorted()
        .toList();
  }

  @Test
  @DisplayName("C79, C80: everything that differs is found, by path and kind, and mended")
  void what_differs_is_found_and_mended() throws IOException {
    fillSource();
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      List<String> before = stateOfTarget();
      Path manifest = scratch.resolve("manifest");

      assertThat(differences(hosts, 0, "--content", "--manifest", manifest.toString())).isEmpty();

      assertThatTargetIs(before);
      Shell.Result checked =
          new Shell(target).run("sha256sum", "--strict", "--quiet", "-c", manifest.toString());
      assertThat(checked.exitCode()).as(checked.output()).isZero();
      String files = new Shell(target).output("bash", "-c", "find . -type f -printf x | wc -c");
      assertThat(Files.readString(manifest, java.nio.charset.StandardCharsets.ISO_8859_1).lines())
          .hasSize(Integer.parseInt(files.strip()));

      bash(target, CHANGES);
      bash(source, "printf B > traits/sub/there; touch -d @1700000000 traits/sub/there");
      before = stateOfTarget();

      assertThat(differences(hosts, 1)).isEqualTo(FOUND_WITHOUT_CONTENT);
      assertThat(differences(hosts, 1, "--content")).isEqualTo(FOUND);

      assertThatTargetIs(before);
      assertThat(Files.readString(scratch.resolve("report.jsonl"), UTF_8).lines().skip(1))
          .allMatch(line ->
              line.contains("\"targetChanged\":true")
                  != line.matches(".*(sub/there|missing/below)\".*"));

      assertThat(differences(hosts, 0, "--content", "--repair")).isEmpty();
      Judge.assertEqual(source, target);
    }
  }

  /** One entry for each kind of difference. */
  private static final String TRAITS =
      """
      mkdir -p traits/sub
      cd traits
      for name in acl content group links-broken flags mode mtime owner size sub/there type xattr; do
        printf A > $name
      done
      ln links-broken links-other
      printf A > links-joined-1; touch -r links-joined-1 .; cp -p links-joined-1 links-joined-2
      head -c 2000000 /dev/urandom > content-large
      head -c 200000 /dev/zero > holes
      head -c 2000000 /dev/zero > holes-large
      ln -s content link-target
      mknod device c 1 3
      mkdir missing; printf A > missing/below; printf A > sub/missing
      setfattr -n user.a -v 1 xattr
      touch -h -d @1700000000 * sub/* missing/*
      touch -d @1700000000 sub missing . ..
      """;

  /** Each of them, with nothing else that shows. */
  private static final String CHANGES =
      """
      cd traits
      setfacl -m u:1234:r acl
      printf B > content; printf B | dd of=content-large bs=1 seek=1500000 conv=notrunc status=none
      chgrp 1234 group; chown 1234 owner; chmod 0600 mode
      printf AA > size
      rm type; mkdir type; printf A > type/extra
      setfattr -n user.a -v 2 xattr; setfattr -n user.b -v 1 xattr
      cp -p links-other new; mv new links-other
      ln -f links-joined-1 links-joined-2
      fallocate -p -o 65536 -l 65536 holes; fallocate -p -o 1048576 -l 65536 holes-large
      rm link-target; ln -s other link-target
      rm device; mknod device c 1 5
      rm -r missing sub/missing
      mkdir extra; printf A > extra/below
      touch -h -d @1700000000 * sub .
      touch -d @1700000001 mtime
      chattr +d flags
      """;

  private static final List<String> FOUND =
      Stream.of(
              "acl acl",
              "content content",
              "content-large content",
              "sub/there content",
              "group group",
              "owner owner",
              "mode mode",
              "size size",
              "type type",
              "type/extra extra",
              "xattr xattr",
              "xattr xattr",
              "links-other links",
              "links-joined-1 links",
              "links-joined-2 links",
              "holes holes",
              "holes-large holes",
              "link-target link-target",
              "device device",
              "missing missing",
              "missing/below missing",
              "sub/missing missing",
              "extra extra",
              "extra/below extra",
              "mtime mtime",
              "flags flags")
          .map(each -> "traits/" + each)
          .sorted()
          .toList();

  private static final List<String> FOUND_WITHOUT_CONTENT =
      FOUND.stream().filter(each -> !each.endsWith(" content")).toList();

  private static final int MANY = 3000;

  /** Names that a report and a manifest must not stumble over. */
  private static final String ODD =
      """
      mkdir odd many; cd odd
      for name in $'new\\nline' 'back\\slash' $'\\xff\\xfe' '-c' ' blank ' $'tab\\t' $'cr\\r' '#no' $'\\e[2J' '"' '\\n'; do
        printf A > "./$name"
      done
      cd ../many; seq 3000 | split -l 1 -a 3 - f
      """;

  @Test
  @DisplayName("C80: nothing is capped, whatever the names are")
  void everything_is_in_the_report_and_in_the_manifest() throws IOException {
    bash(source, ODD);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      Path manifest = scratch.resolve("manifest");
      assertThat(differences(hosts, 0, "--content", "--manifest", manifest.toString())).isEmpty();
      Shell.Result checked =
          new Shell(target).run("sha256sum", "--strict", "-c", manifest.toString());
      assertThat(checked.exitCode()).as(checked.output()).isZero();
      assertThat(checked.output().split("\n"))
          .hasSize(MANY + 11)
          .allMatch(line -> line.endsWith("OK"));

      bash(target, "chmod 0600 odd/*; find many -type f -exec chmod 0600 {} +");

      List<String> found = differences(hosts, 1);
      assertThat(found).hasSize(MANY + 11).allMatch(each -> each.endsWith(" mode"));
      assertThat(found)
          .contains(
              "odd/new\nline mode", "odd/back\\slash mode", "odd/\u001b[2J mode", "odd/#no mode");
      assertThat(Files.readAllLines(scratch.resolve("report.jsonl"), UTF_8))
          .hasSize(1 + MANY + 11)
          .anyMatch(line -> line.contains("\"pathBytes\":\"b2RkL//+\""));
    }
  }

  @Test
  void a_file_that_is_all_but_holes_takes_no_time_and_is_named() throws IOException {
    String make =
        """
        truncate -s 1T huge
        for at in 0 500000 1048575; do
          yes | dd of=huge bs=1M count=1 seek=$at conv=notrunc iflag=fullblock status=none
        done
        printf A > small
        touch -d @1700000000 huge small .
        """;
    bash(source, make);
    bash(target, make);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Path manifest = scratch.resolve("manifest");
      long begun = System.nanoTime();

      assertThat(differences(hosts, 0, "--content", "--manifest", manifest.toString())).isEmpty();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
      assertThat(manifest)
          .content()
          .contains("# left out, its holes are too large to be hashed: ./huge\n", "  ./small\n");
      assertThat(Files.readString(scratch.resolve("report.jsonl"))).contains("manifest-left-out");
      new Shell(target).output("sha256sum", "--strict", "-c", manifest.toString());

      bash(target, "printf B | dd of=huge bs=1 seek=524288000001 conv=notrunc status=none");
      bash(target, "touch -d @1700000000 huge");
      assertThat(differences(hosts, 1, "--content")).containsExactly("huge content");
    }
  }

  @Test
  void the_disks_of_both_sides_are_paced_as_configured_and_reloaded() throws IOException {
    bash(source, "head -c 3000000 /dev/urandom > large; printf A > small");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      disk(hosts.sourceHome(), "0");
      disk(hosts.targetHome(), "0");
      hosts.onSource("reload").expect(0);
      hosts.onTarget("reload").expect(0);
      Program.Running verification = hosts.startOnSource("verify", TwoHosts.VOLUME, "--content");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> hosts.onSource("status").out().contains("3 entries   0.0/2.9 MiB compared"));

      disk(hosts.sourceHome(), "unlimited");
      hosts.onSource("reload").expect(0);
      assertThat(verification.isAlive()).isTrue();
      assertThat(hosts.onSource("status").out()).contains("0.0/2.9 MiB compared");
      disk(hosts.targetHome(), "100m/s");
      hosts.onTarget("reload").expect(0);

      assertThat(verification.await(Program.PATIENCE).expect(0).out()).contains("verified: equal");
    }
  }

  private static void disk(Path home, String rate) throws IOException {
    Path additions = home.resolve("conf.d");
    Files.createDirectories(additions);
    Files.writeString(
        additions.resolve("10-disk.toml"), "[throttle]\ndisk = \"%s\"\n".formatted(rate));
  }

  @Test
  @DisplayName("C82: a dry run changes nothing and tells what the pass then does")
  void a_dry_run_tells_what_the_pass_then_does() throws IOException {
    fillSource();
    SmallFiles.fill(Files.createDirectory(source.resolve("many")), 60, SEED);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      VarietyTree.unlock(source);
      bash(source, EDITS);
      List<String> before = stateOfTarget();

      Program.Run dry = hosts.onSource("sync", TwoHosts.VOLUME, "-n", "--json").expect(0);

      assertThatTargetIs(before);
      assertThat(changes(dry))
          .contains(
              "{\"volume\":\"www\",\"path\":\"traits/new\",\"kind\":\"file\",\"action\":\"create\",\"reasons\":[\"missing\"]}",
              "{\"volume\":\"www\",\"path\":\"traits/mode\",\"kind\":\"file\",\"action\":\"update\",\"reasons\":[\"mode\"]}",
              "{\"volume\":\"www\",\"path\":\"traits/missing/below\",\"kind\":\"file\",\"action\":\"delete\",\"reasons\":[\"extra\"]}")
          .noneMatch(line -> line.contains("traits/acl"));

      Program.Run done = hosts.onSource("sync", TwoHosts.VOLUME, "-i", "--json").expect(0);

      assertThat(changes(done)).isEqualTo(changes(dry));
      Judge.assertEqual(source, target);
      assertThat(changes(hosts.onSource("sync", TwoHosts.VOLUME, "-n", "--json").expect(0)))
          .isEmpty();
    }
  }

  /** All lines but the last, which is about the pass. */
  private static List<String> changes(Program.Run run) {
    List<String> lines = run.out().lines().toList();
    return lines.subList(0, lines.size() - 1);
  }

  private static final String EDITS =
      """
      rm -r traits/missing; find many -type f | sort | awk 'NR % 9 == 0' | xargs rm -f
      printf N > traits/new; mkdir traits/newer; printf N > traits/newer/below
      chmod 0604 traits/mode; printf BB > traits/content
      ln traits/size traits/size-too; ln -sfn elsewhere traits/link-target
      rm traits/type; mkdir traits/type; printf N > traits/type/below
      printf C > traits/links-broken; rm traits/device; mknod traits/device p
      setfattr -x user.a traits/xattr
      """;
}
