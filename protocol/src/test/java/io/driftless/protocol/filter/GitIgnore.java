package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * git itself, asked which pattern of a list decides about a path: the oracle for our own answer.
 */
final class GitIgnore {
  private final Path repository;

  private GitIgnore(Path repository) {
    this.repository = repository;
  }

  /** Tells whether a git can be started that has what we need. */
  static boolean isInstalled() {
    try {
      Process git = new ProcessBuilder("git", "--version").redirectErrorStream(true).start();
      git.getInputStream().readAllBytes();
      return git.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static GitIgnore in(Path directory) throws IOException, InterruptedException {
    var git = new GitIgnore(directory);
    git.run(new byte[0], "init", "-q");
    return git;
  }

  /**
   * The line, from 1, of the pattern that decides about each path; 0 where none matches. What is to
   * be seen as a directory must exist as one; nothing else needs to exist.
   */
  List<Integer> decidingLines(List<String> patterns, List<TreePath> paths)
      throws IOException, InterruptedException {
    Files.createDirectories(repository.resolve(".git/info"));
    Files.writeString(repository.resolve(".git/info/exclude"), String.join("\n", patterns) + "\n");
    var input = new ByteArrayOutputStream();
    for (TreePath path : paths) {
      input.write(path.toBytes());
      input.write(0);
    }
    byte[] output =
        run(
            input.toByteArray(),
            "check-ignore",
            "--no-index",
            "--verbose",
            "--non-matching",
            "-z",
            "--stdin");
    String[] fields = new String(output, ISO_8859_1).split("\0", -1);
    var lines = new ArrayList<Integer>();
    for (int i = 0; i + 3 < fields.length; i += 4) {
      lines.add(fields[i + 1].isEmpty() ? 0 : Integer.parseInt(fields[i + 1]));
    }
    return lines;
  }

  private byte[] run(byte[] input, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-c", "core.ignorecase=false"));
    command.addAll(List.of(arguments));
    Path in = Files.write(repository.resolveSibling("stdin"), input);
    Path out = repository.resolveSibling("stdout");
    var builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("GIT_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "HOME", repository.toString(),
                "XDG_CONFIG_HOME", repository.toString(),
                "LC_ALL", "C"));
    Process git =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true)
            .start();
    if (!git.waitFor(60, TimeUnit.SECONDS)) {
      git.destroyForcibly();
      throw new IOException("git is still busy after 60 s");
    }
    byte[] output = Files.readAllBytes(out);
    if (git.exitValue() > 1) { // 1: check-ignore found no match
      throw new IOException("git failed: " + new String(output, UTF_8));
    }
    return output;
  }
}
