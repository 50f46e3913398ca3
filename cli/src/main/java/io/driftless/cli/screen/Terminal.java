package io.driftless.cli.screen;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a command writes: answers to stdout, everything else to stderr. Confined to one thread, but
 * for {@link #settle}.
 */
public final class Terminal {
  private static final String BACK_AND_CLEAR = "\r\u001b[K";
  // A line that is longer than the window must not wrap, or going back would not reach its start.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean live;
  private boolean lineOpen;

  /**
   * @param live whether stderr is a terminal whose last line can be rewritten
   */
  public Terminal(PrintStream out, PrintStream err, boolean live) {
    this.out = out;
    this.err = err;
    this.live = live;
  }

  /** The streams of this process. */
  public static Terminal ofProcess(Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(utf8(FileDescriptor.out), utf8(FileDescriptor.err), !dumb && isTerminal());
  }

  /** Names are UTF-8, whatever the locale of the process says. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, UTF_8);
  }

  private static boolean isTerminal() {
    try {
      String stderr = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return stderr.startsWith("/dev/pts/") || stderr.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  public boolean isLive() {
    return live;
  }

  /** A line of the answer. */
  public void answer(String line) {
    settle();
    out.println(line);
    out.flush();
  }

  public void answer(List<String> lines) {
    lines.forEach(this::answer);
  }

  /** A line beside the answer. */
  public void remark(String line) {
    settle();
    err.println(line);
    err.flush();
  }

  /** Tells whether something of the answer did not get out: a full disk, a closed pipe. */
  public boolean hasLostAnswer() {
    return out.checkError();
  }

  /** Replaces the last line of a live terminal. */
  public void replace(String line) {
    err.print(BACK_AND_CLEAR + NO_WRAP + line + WRAP);
    err.flush();
    lineOpen = true;
  }

  /** Clears the line that was last replaced. */
  public void settle() {
    if (lineOpen) {
      err.print(BACK_AND_CLEAR);
      err.flush();
      lineOpen = false;
    }
  }

  public PrintStream out() {
    return out;
  }

  /** Where a stack trace goes. */
  public PrintStream err() {
    return err;
  }
}
