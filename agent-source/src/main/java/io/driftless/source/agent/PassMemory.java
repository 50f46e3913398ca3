package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.EntryInquiry;
import io.driftless.source.session.PassReport;
import io.driftless.source.state.PassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** What the archive knows of a volume. */
record PassMemory(String volume, PassArchive archive, Optional<PassReport> last)
    implements EntryInquiry.Memory {
  @Override
  public List<TreePath> mountPoints() {
    try {
      return archive.mountPoints(volume);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Problem> problem(TreePath path) {
    try {
      return last.isEmpty()
          ? Optional.empty()
          : archive.nearestProblem(volume, last.get().pass(), path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
