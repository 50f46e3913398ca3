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
  private static final String ENTER_SCREEN = "\u001b[?1049h\u001b[?25l" + NO_WRAP;
  private static final String LEAVE_SCREEN = WRAP + "\u001b[?25h\u001b[?1049l";
  private static final String TO_TOP = "\u001b[H";
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final boolean live;
  private final boolean screen;
  private boolean lineOpen;

  /** The lines that fill the window; guarded by this, like what follows. */
  private List<String> drawn = List.of();

  private boolean isDrawing;
  private boolean hasLeft;

  /**
   * @param live whether stderr is a terminal whose last line can be rewritten
   * @param screen whether stdout is a terminal that can be drawn on
   */
  public Terminal(PrintStream out, PrintStream err, boolean live, boolean screen) {
    this.out = out;
    this.err = err;
    this.live = live;
    this.screen = screen;
  }

  /** The streams of this process. */
  public static Terminal ofProcess(Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        !dumb && isTerminal(2),
        !dumb && isTerminal(1));
  }

  /** Names are UTF-8, whatever the locale of the process says. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, UTF_8);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
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

  /** Whether {@link #draw} can be used. */
  public boolean isScreen() {
    return screen;
  }

  /** Fills the window with lines, in place of those drawn before. */
  public synchronized void draw(List<String> lines) {
    if (hasLeft) {
      return;
    }
    var text = new StringBuilder();
    if (!isDrawing) {
      text.append(ENTER_SCREEN);
      isDrawing = true;
    }
    text.append(TO_TOP);
    lines.forEach(line -> text.append(line).append(CLEAR_TO_END_OF_LINE).append('\n'));
    text.append(CLEAR_BELOW);
    out.print(text);
    out.flush();
    drawn = List.copyOf(lines);
  }

  /** Gives the window back as it was, and leaves what was drawn last below it. From any thread. */
  public synchronized void leave() {
    hasLeft = true;
    if (isDrawing) {
      isDrawing = false;
      out.print(LEAVE_SCREEN);
      drawn.forEach(out::println);
      out.flush();
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
