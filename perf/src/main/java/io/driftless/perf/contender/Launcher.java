package io.driftless.perf.contender;

import io.driftless.perf.profile.Recording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command that starts Driftless.
 *
 * @param path of the script
 * @param recordings where agents leave what they did, if they are to
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
  List<String> agentWords(String role, List<String> arguments) {
    var words = new ArrayList<String>();
    recordings.ifPresent(directory ->
        words.addAll(List.of("env", "DRIFTLESS_JAVA_OPTS=" + Recording.options(directory, role))));
    words.addAll(words(arguments));
    return words;
  }
}
