package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a tree is believed to be by somebody who looks only where hints lead: at the named entry, or
 * at all below it where a directory has moved.
 */
final class FollowingReplica implements ChangeSink {
  private record Hint(String path, boolean isTree) {}

  private final Path volume;
  private final TreeMap<String, String> contents = new TreeMap<>();
  private List<Hint> hints = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  FollowingReplica(Path volume) {
    this.volume = volume;
  }

  void lookAtEverything() {
    lookAtTree(volume, "");
  }

  /** Looks at what was hinted at since the last time. */
  void follow() {
    List<Hint> taken;
    synchronized (this) {
      taken = hints;
      hints = new ArrayList<>();
    }
    for (Hint hint : taken) {
      if (hint.isTree) {
        lookAtTree(volume.resolve(hint.path), hint.path);
      } else {
        look(volume.resolve(hint.path), hint.path);
      }
    }
  }

  private void look(Path path, String name) {
    try {
      if (Files.isDirectory(path)) {
        contents.put(name, "directory");
      } else if (Files.exists(path)) {
        contents.put(name, Files.readString(path));
        forgetBelow(name);
      } else {
        contents.remove(name);
        forgetBelow(name);
      }
    } catch (NoSuchFileException e) {
      contents.remove(name);
      forgetBelow(name);
    } catch (IOException e) {
      if (!Files.isDirectory(path)) {
        throw new UncheckedIOException(e);
      }
      contents.put(name, "directory"); // since a moment ago
    }
  }

  private void forgetBelow(String name) {
    contents.subMap(name + "/", name + "0").clear();
  }

  private void lookAtTree(Path path, String name) {
    if (name.isEmpty()) {
      contents.clear();
    } else {
      look(path, name);
      forgetBelow(name);
    }
    try (var children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        String below =
            name.isEmpty() ? child.getFileName().toString() : name + "/" + child.getFileName();
        lookAtTree(child, below);
      }
    } catch (NoSuchFileException | NotDirectoryException | DirectoryIteratorException e) {
      return; // it is a file, or has gone and will be hinted at
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void add(TreePath path, boolean isTree) {
    hints.add(new Hint(path.isRoot() ? "" : path.toString(), isTree));
  }

  @Override
  public void changed(TreePath directory, Name name) {
    add(directory.resolve(name), false);
  }

  @Override
  public void writing(TreePath directory, Name name) {
    changed(directory, name);
  }

  @Override
  public void closed(TreePath directory, Name name) {
    add(directory.resolve(name), false);
  }

  @Override
  public void renamed(TreePath fromDirectory, Name from, TreePath toDirectory, Name to) {
    add(fromDirectory.resolve(from), false);
    add(toDirectory.resolve(to), true);
  }

  @Override
  public void appeared(TreePath directory, Name name) {
    add(directory.resolve(name), true);
  }

  @Override
  public void changedDirectory(TreePath directory) {}

  @Override
  public void changedInode(long inode) {}

  @Override
  public synchronized void inDoubt(String reason) {
    doubts.add(reason);
    add(TreePath.ROOT, true);
  }

  synchronized List<String> doubts() {
    return List.copyOf(doubts);
  }

  /** Where it is wrong. */
  TreeMap<String, String> errorsAgainst(TreeMap<String, String> truth) {
    var errors = new TreeMap<String, String>();
    truth.forEach((path, content) -> {
      if (!content.equals(contents.get(path))) {
        errors.put(path, content + " but seen " + contents.get(path));
      }
    });
    contents.forEach((path, content) -> {
      if (!truth.containsKey(path)) {
        errors.put(path, "gone but seen " + content);
      }
    });
    return errors;
  }
}
