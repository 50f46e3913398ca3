package io.driftless.cli.home;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads files that decide what an agent, mostly root, does: they must belong to root or to its
 * user, and nobody else may have been able to write them or to put a link in their place.
 */
public final class TrustedFile {
  static final int BYTES_MAX = 1 << 20;

  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;
  private static final int STICKY = 01000;

  private TrustedFile() {}

  /**
   * Reads a file as text.
   *
   * @throws CommandFailure if it can't be read, or could have been written by somebody else
   */
  public static String read(Path file) throws CommandFailure {
    try {
      checkDirectory(file);
      if (Files.isSymbolicLink(file)) {
        checkOwner(file, attributes(file, NOFOLLOW_LINKS), "is a symbolic link that belongs to");
        checkDirectory(file.toRealPath());
      }
      checkFile(file);
      return Files.readString(file);
    } catch (CommandFailure e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw refused(file, "is not there", "check the path", e);
    } catch (AccessDeniedException e) {
      throw refused(file, "may not be read by this user", "run as its owner or as root", e);
    } catch (CharacterCodingException e) {
      throw refused(file, "is not UTF-8", "save it as UTF-8", e);
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + Escaped.display(e.toString()), "look at it", e);
    }
  }

  private static void checkDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    Map<String, Object> attributes = attributes(directory);
    int mode = number(attributes, "mode");
    if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
      throw refused(
          file,
          "lies in a directory that everybody may write to",
          "chmod o-w " + Escaped.display(directory.toString()));
    }
    checkOwner(file, attributes, "lies in a directory that belongs to");
  }

  private static void checkFile(Path file) throws IOException {
    Map<String, Object> attributes = attributes(file);
    if (!Files.isRegularFile(file)) {
      throw refused(file, "is not a regular file", "check the path");
    }
    checkOwner(file, attributes, "belongs to");
    int mode = number(attributes, "mode");
    int group = number(attributes, "gid");
    boolean ofItsGroup = group != 0 && group != number(attributes, "uid");
    if ((mode & OTHERS_WRITE) != 0 || ((mode & GROUP_WRITE) != 0 && ofItsGroup)) {
      throw refused(
          file,
          "may be written by others (mode %04o)".formatted(mode & 07777),
          "chmod go-w " + Escaped.display(file.toString()));
    }
    if (Files.size(file) > BYTES_MAX) {
      throw refused(file, "is larger than 1 MiB", "check the path");
    }
  }

  private static void checkOwner(Path file, Map<String, Object> attributes, String flaw)
      throws IOException {
    int owner = number(attributes, "uid");
    if (owner != 0 && owner != User.current()) {
      throw refused(
          file, flaw + " user " + owner, "it must belong to root or to the user of the agent");
    }
  }

  private static Map<String, Object> attributes(Path path, LinkOption... options)
      throws IOException {
    return Files.readAttributes(path, "unix:uid,gid,mode", options);
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Integer number ? number : -1;
  }

  private static CommandFailure refused(Path file, String flaw, String hint) {
    return new CommandFailure(ExitCode.USAGE, "config-untrusted", message(file, flaw), hint);
  }

  private static CommandFailure refused(Path file, String flaw, String hint, IOException cause) {
    return new CommandFailure(
        ExitCode.USAGE, "config-unreadable", message(file, flaw), hint, cause);
  }

  private static String message(Path file, String flaw) {
    return Escaped.display(file.toString()) + " " + flaw;
  }
}
