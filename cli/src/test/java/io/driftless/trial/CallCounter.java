package io.driftless.trial;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the system calls by which a running process looks at files, by strace: all of its threads
 * together.
 */
final class CallCounter implements AutoCloseable {
  /** What is no look at a file; there would be a lot of it. */
  private static final String OTHERS =
      "!futex,epoll_wait,epoll_ctl,poll,read,write,readv,writev,sendmsg,recvmsg,mmap,munmap,mprotect,"
          + "madvise,getsockopt,rt_sigprocmask,sched_yield,clock_nanosleep,pread64,preadv2,"
          + "pwrite64,lseek,fcntl,fadvise64,mincore,getpriority,setpriority,ioprio_get,ioprio_set";

  /** A call that strace doesn't know, it shows by its number; its own counts leave it out. */
  private static final Pattern CALL = Pattern.compile("^\\d+ +(\\w+)\\(");

  private final Strace strace;
  private final Path calls;

  private CallCounter(Strace strace, Path calls) {
    this.strace = strace;
    this.calls = calls;
  }

  static CallCounter attach(long pid, Path scratch) throws IOException {
    Path calls = Files.createTempFile(scratch, "strace-", ".calls");
    return new CallCounter(
        Strace.attach(pid, scratch, calls, List.of("-e", "trace=" + OTHERS)), calls);
  }

  /** Lets the process go; calls by name. */
  Map<String, Long> end() throws IOException {
    close();
    var counts = new TreeMap<String, Long>();
    for (String line : Files.readString(calls, ISO_8859_1).lines().toList()) {
      Matcher call = CALL.matcher(line);
      if (call.find()) {
        counts.merge(call.group(1), 1L, Long::sum);
      }
    }
    return counts;
  }

  @Override
  public void close() {
    strace.close();
  }
}
