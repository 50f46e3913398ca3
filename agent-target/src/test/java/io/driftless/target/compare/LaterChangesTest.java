package io.driftless.target.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.target.compare.LaterChanges.Change;
import io.driftless.target.compare.LaterChanges.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds what was written after a moment, whatever its times say. */
final class LaterChangesTest {
  @TempDir private Path root;

  @Test
  void what_was_written_later_is_found_and_nothing_else() throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/old"), "old");
    Files.writeString(root.resolve("a/edited"), "old");
    FileTime before = Files.getLastModifiedTime(root.resolve("a/edited"));
    Thread.sleep(50);
    Instant since = Instant.now();
    Thread.sleep(50);
    Files.writeString(root.resolve("a/edited"), "new");
    Files.setLastModifiedTime(root.resolve("a/edited"), before);
    Files.writeString(root.resolve("a/b/new"), "new");
    Files.createDirectories(root.resolve(".driftless/stage"));

    var found = new ArrayList<String>();
    Summary summary =
        LaterChanges.in(root.toString(), since).forEach(each -> found.add(text(each)));

    // The root itself is among them, for the agent's own directory was made in it.
    assertThat(found)
        .containsExactlyInAnyOrder(
            "DIRECTORY  false",
            "DIRECTORY a/b false",
            "REGULAR a/b/new true",
            "REGULAR a/edited false");
    assertThat(summary).isEqualTo(new Summary(4, 1, 0));
  }

  private static String text(Change change) {
    return "%s %s %s"
        .formatted(change.kind(), change.path().isRoot() ? "" : change.path(), change.isNew());
  }

  @Test
  void nothing_is_found_where_nothing_was_written() throws IOException {
    Files.writeString(root.resolve("file"), "");

    Summary summary =
        LaterChanges.in(root.toString(), Instant.now().plusSeconds(60)).forEach(_ -> {});

    assertThat(summary).isEqualTo(new Summary(0, 0, 0));
  }
}
