package io.driftless.perf.contender;

import io.driftless.perf.process.Service;
import io.driftless.perf.profile.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command that starts Driftless.
 *
 * @param path of the script
 * @param recordings where it is kept what agents did, if it is to be
 */
public record Launcher(Path path, Optional<Path> recordings) {
  /** A file that lies beside it. */
  Path sibling(String name) {
    return path.resolveSibling(name);
  }

  List<String> words(List<String> arguments) {
    var words = new ArrayList<>(List.of(path.toString()));
    words.addAll(arguments);
    return words;
  }

  /** The same for an agent, which may be recorded. */
  List<String> agentWords(List<String> arguments) {
    var words = new ArrayList<String>();
    if (recordings.isPresent()) {
      words.addAll(List.of("env", "DRIFTLESS_JAVA_OPTS=" + Recording.OPTIONS));
    }
    words.addAll(words(arguments));
    return words;
  }

  /** Ends an agent, and keeps what it did first. */
  void end(String role, Service agent) {
    try (agent) {
      if (recordings.isPresent()) {
        Recording.keep(recordings.get(), role, agent.pid());
      }
    } catch (IOException e) {
      System.err.println("bench: no profile of the %s: %s".formatted(role, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
