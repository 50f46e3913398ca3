package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents of a user that isn't root carry what they may and name what they may not: C25. */
final class OtherUserIT {
  private static final String NOBODY = "65534";

  /** What the user owns, is closed to it, or can't be made by it. */
  private static final String MAKE =
      """
      set -e
      printf x >plain; printf x >readonly; chmod 0444 readonly; printf x >closed; chmod 0 closed
      setfattr -n user.k -v 1 plain; cp --preserve=xattr plain tagged; chmod 0444 tagged
      mkdir -p rodir/below; printf x >rodir/file; printf x >rodir/below/file
      mkdir theirs; printf x >linked; ln linked theirs/name
      mkdir shut; printf x >shut/file; mknod device c 1 3; printf x >foreign; printf x >program
      chown -R 65534:65534 .; chown 0:0 foreign; chown 65534:5 program
      chmod 0555 rodir rodir/below; chmod 0 shut; chmod 4755 program; setcap cap_net_raw+ep readonly
      """;

  @TempDir private Path scratch;
  private Path source;
  private Path target;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    Needs.root();
    Needs.tools("setpriv", "setfattr", "setcap", "chown");
    source = Files.createDirectory(scratch.resolve("source"));
    target = Files.createDirectory(scratch.resolve("target"));
    new Program(scratch).run("--version").expect(0); // builds as root where it must
    var shell = new Shell(scratch);
    shell.output("chown", NOBODY + ":" + NOBODY, ".", "source", "target");
    shell.output("chmod", "0755", ".");
    List<String> user =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    program = new Program(scratch, user);
    Needs.that(
        program.run("--version").exitCode() == 0, "a checkout that every user may read and run");
  }

  @AfterEach
  void cleanUp() {
    program.close();
  }

  @Test
  void what_may_be_carried_arrives_and_the_rest_is_named() throws IOException {
    new Shell(source).output("bash", "-c", MAKE);
    new Shell(target).output("mkdir", "-m", "0700", "theirs"); // root's
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      String first = hosts.onSource("seed", TwoHosts.VOLUME).expect(1).err();

      assertThat(first).contains("source-not-root");
      assertThat(hosts.onSource("problems", "--json").out())
          .contains(problem("closed", "unreadable"))
          .contains(problem("shut", "unreadable"))
          .contains(problem("device", "not-permitted"))
          .contains(problem("foreign", "owner-unsupported"))
          .contains(problem("program", "owner-unsupported"))
          .contains(problem("readonly", "attribute-unsupported"))
          .contains(problem("theirs", "not-permitted"))
          .contains(problem("theirs/name", "link-refused"));
      requireArrived();

      new Shell(source).output("bash", "-c", "printf y >rodir/below/new");
      hosts.onSource("seed", TwoHosts.VOLUME).expect(1);
      assertThat(target.resolve("rodir/below/new")).hasContent("y");
      requireArrived();
      requireToldWhatCannotBeRead(hosts);
    }
  }

  /** What a target can't read can't be said to be equal. */
  private void requireToldWhatCannotBeRead(TwoHosts hosts) throws IOException {
    new Shell(target)
        .output(
            "bash", "-ec", "chown 0 plain rodir/below; chmod 0600 plain; chmod 0700 rodir/below");
    Path report = scratch.resolve("report.jsonl");

    hosts.onSource("verify", "--content", "--report", report.toString()).expect(1);

    assertThat(report)
        .content()
        .contains(problem("plain", "not-permitted"))
        .contains(problem("rodir/below", "not-permitted"));
  }

  private static String problem(String path, String reason) {
    return "{\"path\":\"%s\",\"reason\":\"%s\"".formatted(path, reason);
  }

  private void requireArrived() {
    var shell = new Shell(target);
    assertThat(
            shell.output(
                "stat",
                "-c",
                "%n %a",
                "plain",
                "readonly",
                "tagged",
                "rodir",
                "rodir/below",
                "rodir/below/file",
                "foreign",
                "linked",
                "program",
                "shut"))
        .isEqualTo(
            """
            plain 644
            readonly 444
            tagged 444
            rodir 555
            rodir/below 555
            rodir/below/file 644
            foreign 644
            linked 644
            program 755
            shut 0
            """);
    assertThat(shell.output("getfattr", "--only-values", "-n", "user.k", "tagged")).isEqualTo("1");
    assertThat(target.resolve("closed")).doesNotExist();
  }
}
