package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two instances of Syncthing that know only each other. */
final class SyncthingFollower implements Follower {
  private static final String MARKER = ".stfolder";

  private final Service source;
  private final Service target;

  private SyncthingFollower(Service source, Service target) {
    this.source = source;
    this.target = target;
  }

  /** One side: where its home and its tree are, and where it listens. */
  private record Side(String name, String folderType, Path home, Path tree, int port) {
    /** Makes the keys. */
    void generate() throws IOException, InterruptedException {
      Command.of(
              "syncthing",
              "generate",
              "--home=" + home,
              "--no-default-folder",
              "--skip-port-probing")
          .run();
    }

    String deviceId() throws IOException, InterruptedException {
      return Command.of("syncthing", "serve", "--home=" + home, "--device-id").run().strip();
    }

    /** Starts it as one process, without the one that would start it again. */
    Service start() throws IOException, InterruptedException {
      List<String> words =
          List.of("env", "STMONITORED=yes", "syncthing", "serve", "--home=" + home, "--no-upgrade");
      Service service = Service.start(name, home.resolve("syncthing.log"), words);
      try {
        return service.awaitPort(port);
      } catch (Throwable failure) {
        service.close();
        throw failure;
      }
    }
  }

  /** Both follow from now on; the target becomes equal by itself. */
  static SyncthingFollower open(Course course) throws IOException, InterruptedException {
    var source = side("source syncthing", "sendonly", course, course.source());
    var target = side("target syncthing", "receiveonly", course, course.target());
    configure(source, target);
    configure(target, source);
    Service receiving = target.start();
    try {
      return new SyncthingFollower(source.start(), receiving);
    } catch (Throwable failure) {
      receiving.close();
      throw failure;
    }
  }

  private static Side side(String name, String folderType, Course course, Path tree)
      throws IOException, InterruptedException {
    Path home = Files.createDirectories(course.work().resolve(name.replace(' ', '-')));
    Files.createDirectories(tree.resolve(MARKER));
    var side = new Side(name, folderType, home, tree, Service.freePort());
    side.generate();
    return side;
  }

  /**
   * The least delay is one second, in whole seconds. Versions that can carry owners and extended
   * attributes are told to; others ignore that.
   */
  private static void configure(Side side, Side peer) throws IOException, InterruptedException {
    Files.writeString(
        side.home().resolve("config.xml"),
        """
        <configuration version="30">
          <folder id="bench" path="%1$s" type="%2$s" fsWatcherEnabled="true" fsWatcherDelayS="1">
            <device id="%3$s"/>
            <device id="%4$s"/>
            <syncOwnership>true</syncOwnership>
            <sendOwnership>true</sendOwnership>
            <syncXattrs>true</syncXattrs>
            <sendXattrs>true</sendXattrs>
          </folder>
          <device id="%3$s"><address>tcp://127.0.0.1:%5$d</address></device>
          <device id="%4$s"><address>tcp://127.0.0.1:%6$d</address></device>
          <gui enabled="false"/>
          <options>
            <listenAddress>tcp://127.0.0.1:%5$d</listenAddress>
            <globalAnnounceEnabled>false</globalAnnounceEnabled>
            <localAnnounceEnabled>false</localAnnounceEnabled>
            <relaysEnabled>false</relaysEnabled>
            <natEnabled>false</natEnabled>
            <stunKeepaliveStartS>0</stunKeepaliveStartS>
            <crashReportingEnabled>false</crashReportingEnabled>
            <urAccepted>-1</urAccepted>
            <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
            <startBrowser>false</startBrowser>
            <setLowPriority>false</setLowPriority>
          </options>
        </configuration>
        """
            .formatted(
                side.tree(),
                side.folderType(),
                side.deviceId(),
                peer.deviceId(),
                side.port(),
                peer.port()));
  }

  @Override
  public List<Service> services() {
    return List.of(source, target);
  }

  /** It does not carry the times of directories. */
  @Override
  public List<String> leniency() {
    return List.of("--omit-dir-times", "--exclude=/" + MARKER);
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}
