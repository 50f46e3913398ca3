package io.driftless.perf.contender;

import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** lsyncd without any delay: one rsync over ssh for all that came while the last one ran. */
final class LsyncdFollower implements Follower {
  private static final String STARTED = " finished.";

  private final PrivateSshd sshd;
  private final Service daemon;

  private LsyncdFollower(PrivateSshd sshd, Service daemon) {
    this.sshd = sshd;
    this.daemon = daemon;
  }

  static LsyncdFollower open(Course course) throws IOException, InterruptedException {
    Path work = Files.createDirectories(course.work().resolve("lsyncd"));
    PrivateSshd sshd = PrivateSshd.open(work, course.route());
    try {
      return new LsyncdFollower(sshd, start(course, work, sshd));
    } catch (Throwable failure) {
      sshd.close();
      throw failure;
    }
  }

  private static Service start(Course course, Path work, PrivateSshd sshd)
      throws IOException, InterruptedException {
    Path configuration = work.resolve("lsyncd.lua");
    Files.writeString(configuration, configuration(course, sshd));
    Path log = work.resolve("lsyncd.log");
    List<String> words = List.of("lsyncd", "-nodaemon", configuration.toString());
    Service daemon = Service.start("lsyncd", log, words);
    try {
      return daemon.await(() -> Files.readString(log).contains(STARTED), "to end its first rsync");
    } catch (Throwable failure) {
      daemon.close();
      throw failure;
    }
  }

  /** The same options that {@link Rsync} has. */
  private static String configuration(Course course, PrivateSshd sshd) {
    return """
    settings { nodaemon = true }
    sync {
      default.rsync,
      source = "%s",
      target = "127.0.0.1:%s",
      delay = 0,
      delete = true,
      rsync = {
        archive = true,
        hard_links = true,
        acls = true,
        xattrs = true,
        rsh = "%s",
        _extra = { "--numeric-ids" },
      },
    }
    """
        .formatted(course.source(), course.target(), sshd.remoteShell());
  }

  @Override
  public List<Service> services() {
    return List.of(daemon, sshd.service());
  }

  @Override
  public void close() {
    daemon.close();
    sshd.close();
  }
}
