package io.driftless.cli.daemon;

import io.driftless.source.session.SourceControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts both agents in this process, connected over loopback with identities of their own. */
@FunctionalInterface
public interface CopyDaemon {
  /** The volume of a copy. */
  String VOLUME = "copy";

  /** Name that both agents of a copy bear. */
  String AGENT = "copy";

  /**
   * Starts them; the source has one volume, {@link #VOLUME}. Closing ends both and removes what was
   * made for them.
   */
  RunningAgent<SourceControl> start(CopyRequest request) throws IOException;

  /**
   * What to copy.
   *
   * @param source an existing directory, its links resolved
   * @param target likewise
   * @param exclude patterns in the syntax of gitignore
   * @param follow whether the target follows by itself
   */
  record CopyRequest(Path source, Path target, List<String> exclude, boolean follow) {}
}
