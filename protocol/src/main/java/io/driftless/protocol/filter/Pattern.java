package io.driftless.protocol.filter;

import io.driftless.protocol.tree.Name;

/** What one rule compares names with: the cheapest form that its text allows. */
sealed interface Pattern {
  /** Tells whether the pattern could match an entry of the directory with this head. */
  boolean reaches(Head head);

  /** Tells whether it matches, given that it reaches this directory. */
  boolean matches(Head head, Name name);

  /** {@code core}: one name at any depth. */
  record LiteralName(Name literal) implements Pattern {
    @Override
    public boolean reaches(Head head) {
      return true;
    }

    @Override
    public boolean matches(Head head, Name name) {
      return literal.equals(name);
    }
  }

  /** {@code *.swp}: an ending at any depth. */
  final class NameEnding implements Pattern {
    private final byte[] ending;

    NameEnding(byte[] ending) {
      this.ending = ending;
    }

    @Override
    public boolean reaches(Head head) {
      return true;
    }

    @Override
    public boolean matches(Head head, Name name) {
      int offset = name.length() - ending.length;
      if (offset < 0) {
        return false;
      }
      for (int i = ending.length - 1; i >= 0; i--) {
        if (name.at(offset + i) != ending[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** {@code core.[0-9]*}: wildcards in a name at any depth. */
  record NameGlob(Glob glob) implements Pattern {
    @Override
    public boolean reaches(Head head) {
      return true;
    }

    @Override
    public boolean matches(Head head, Name name) {
      return glob.matches(Head.ROOT, name);
    }
  }

  /** {@code /var/cache}: one path. */
  final class LiteralPath implements Pattern {
    private final byte[] directory;
    private final Name last;

    /** The directory ends with a slash, or is empty for the root. */
    LiteralPath(byte[] directory, Name last) {
      this.directory = directory;
      this.last = last;
    }

    @Override
    public boolean reaches(Head head) {
      return head.equalTo(directory);
    }

    @Override
    public boolean matches(Head head, Name name) {
      return last.equals(name);
    }
  }

  /** {@code /home/*}{@code /cache}: wildcards in a path, after a literal beginning. */
  final class PathGlob implements Pattern {
    private final byte[] beginning;
    private final Glob glob;

    PathGlob(byte[] beginning, Glob glob) {
      this.beginning = beginning;
      this.glob = glob;
    }

    @Override
    public boolean reaches(Head head) {
      return head.agreesWith(beginning);
    }

    @Override
    public boolean matches(Head head, Name name) {
      return glob.matches(head, name);
    }
  }
}
