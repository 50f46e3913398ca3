package io.driftless.perf;

import io.driftless.perf.Workplace.Retention;
import io.driftless.perf.contender.FollowerKind;
import io.driftless.perf.contender.Kind;
import io.driftless.perf.contender.Launcher;
import io.driftless.perf.process.Meter.Detail;
import io.driftless.perf.profile.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Carries the same trees with Driftless and with others, and says how they compare. */
@Command(
    name = "bench",
    description = "Carries the same trees with Driftless and with others. Needs root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Bench implements Callable<Integer> {
  private static final Path MEMORY = Path.of("/dev/shm/driftless-bench");
  private static final Path DISK = Path.of("/var/tmp/driftless-bench");
  private static final Duration TIDYING = Duration.ofMinutes(1);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int ROUNDS = 3;
  private static final int HUNDRED_ROUNDS = 5;
  private static final List<String> DEFAULT =
      Scenario.DEFAULT.stream().map(Scenario::label).toList();

  @Parameters(
      paramLabel = "SCENARIO",
      description = {
        "small, large, small-ext4, jdk (these four by default),",
        "tiny, large-ext4, usr, unchanged, unchanged-tiny,",
        "hundred, pages, pages-xfs, front, moved;",
        "lag, lag-beside-seed, follow-tmpfs, follow-ext4, follow-hundred, watch-million,",
        "crowd (takes 20 minutes and 7 GB of disk),",
        "throttle, lag-throttled, scaling;",
        "link-40ms-100mbit, link-5ms-1gbit, and both with -text"
      })
  private List<String> scenarios = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "turns that count, 3 by default, 5 of follow-hundred and scaling")
  private @Nullable Integer rounds;

  @Option(
      names = "--contenders",
      paramLabel = "NAME",
      split = ",",
      defaultValue =
          "cp,find,shift-floor,driftless-copy,driftless,rsync-ssh,rsync-ssh-z,rsync-daemon",
      description = "${DEFAULT-VALUE}")
  private List<String> contenders = new ArrayList<>();

  @Option(
      names = "--followers",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "driftless,lsyncd,syncthing",
      description = "${DEFAULT-VALUE}; they take part in lag and follow-...")
  private List<String> followers = new ArrayList<>();

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "single changes of lag, ${DEFAULT-VALUE} by default")
  private int changes;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "how long files are written, ${DEFAULT-VALUE} by default")
  private int seconds;

  @Option(
      names = "--per-second",
      paramLabel = "N",
      description = "how many files are written a second, instead of 5000 or 2000")
  private @Nullable Integer perSecond;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "" + FollowPlan.CROWD_FILES_MAX,
      description = "empty files of crowd, ${DEFAULT-VALUE} by default and at most")
  private int files;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "a directory on a tmpfs; keeps the data sets there for the next time")
  private @Nullable Path work;

  @Option(
      names = "--disk",
      paramLabel = "DIR",
      description = "a directory on a disk, for an image with ext4; kept for the next time")
  private @Nullable Path disk;

  @Option(names = "--json", paramLabel = "FILE", description = "writes every lap to a file")
  private @Nullable Path json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = {
        "draws into an SVG file: the ratios of seeds and passes,",
        "the rate over time of throttle, the lines of scaling"
      })
  private @Nullable Path plot;

  @Option(
      names = "--profile",
      paramLabel = "DIR",
      description = {
        "has the agents recorded by the JDK's Flight Recorder, keeps the recordings",
        "in a new directory, and says where the time went; they are slower then"
      })
  private @Nullable Path profile;

  @Option(
      names = "--threads",
      description = {
        "tells the threads that were the busiest in seeds and passes, and how long",
        "they waited for a processor; looking takes some percent of one"
      })
  private boolean threads;

  private Bench() {}

  public static void main(String[] args) {
    Runtime.getRuntime().addShutdownHook(tidier(Thread.currentThread()));
    var commandLine = new CommandLine(new Bench());
    commandLine.setExecutionExceptionHandler((failure, _, _) -> {
      System.err.println("error: " + failure.getMessage());
      return 5;
    });
    int exitCode = commandLine.execute(args);
    if (exitCode != 0) {
      Runtime.getRuntime().halt(exitCode); // everything is closed; exit would wait for this thread
    }
  }

  /** An interrupted benchmark still ends its services and removes what it made. */
  private static Thread tidier(Thread main) {
    return new Thread(() -> {
      main.interrupt();
      try {
        main.join(TIDYING);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path repository = Path.of(System.getProperty("driftless.repository"));
    Machine machine = Machine.describe(repository);
    System.out.println(machine);
    var results = new ArrayList<Outcome>();
    for (String label : scenarios.isEmpty() ? DEFAULT : scenarios) {
      var launcher = new Launcher(repository.resolve("cli/bin/driftless"), recordings(label));
      results.add(run(label, launcher));
      System.out.println("\n" + ResultTable.of(results.getLast()));
      if (threads && results.getLast() instanceof Trial.Result transfers) {
        System.out.println(ThreadTable.of(transfers));
      }
      if (launcher.recordings().isPresent()) {
        for (Recording each : Recording.in(launcher.recordings().get())) {
          System.out.println(each.profile());
        }
      }
      if (json != null) {
        Files.writeString(json, ResultJson.of(machine, results));
      }
      if (plot != null) {
        new Plots(plot).draw(results);
      }
    }
    return 0;
  }

  private Optional<Path> recordings(String label) throws IOException {
    return profile == null
        ? Optional.empty()
        : Optional.of(Files.createDirectories(profile.resolve(label)).toRealPath());
  }

  private Outcome run(String label, Launcher launcher) throws IOException, InterruptedException {
    Optional<Following> following = Following.ofLabel(label);
    return following.isPresent()
        ? run(following.get(), followPlan(launcher))
        : run(Scenario.ofLabel(label), plan(launcher));
  }

  private Trial.Plan plan(Launcher launcher) {
    return new Trial.Plan(
        contenders.stream().map(Kind::ofLabel).toList(),
        rounds == null ? ROUNDS : rounds,
        threads ? Detail.THREADS : Detail.PROCESSES,
        launcher);
  }

  private FollowPlan followPlan(Launcher launcher) {
    return new FollowPlan(
        followers.stream().map(FollowerKind::ofLabel).filter(Bench::isInstalled).toList(),
        changes,
        Duration.ofSeconds(seconds),
        perSecond == null ? OptionalInt.empty() : OptionalInt.of(perSecond),
        rounds == null ? HUNDRED_ROUNDS : rounds,
        IDLE,
        files,
        launcher);
  }

  private static boolean isInstalled(FollowerKind kind) {
    List<String> missing = kind.missingPackages();
    if (!missing.isEmpty()) {
      System.err.printf(
          "bench: goes on without %s: apt-get install %s%n",
          kind.label(), String.join(" ", missing));
    }
    return missing.isEmpty();
  }

  private Outcome run(Scenario scenario, Trial.Plan plan) throws IOException, InterruptedException {
    try (Workplace place = workplace(scenario.medium())) {
      return new Trial(scenario, place, plan, System.err::println).run();
    }
  }

  private Outcome run(Following following, FollowPlan plan)
      throws IOException, InterruptedException {
    try (Workplace place = workplace(following.medium())) {
      return switch (following) {
        case LAG, LAG_BESIDE_SEED, LAG_THROTTLED ->
            new LagTrial(following, place, plan, System.err::println).run();
        case FOLLOW_TMPFS, FOLLOW_EXT4 ->
            new ChurnTrial(following, place, plan, System.err::println).run();
        case FOLLOW_HUNDRED -> new HundredTrial(following, place, plan, System.err::println).run();
        case SCALING -> new ScalingTrial(following, place, plan, System.err::println).run();
        case THROTTLE -> new ThrottleTrial(following, place, plan, System.err::println).run();
        case WATCH_MILLION -> new WatchTrial(following, place, plan, System.err::println).run();
        case CROWD -> new CrowdTrial(following, place, plan, System.err::println).run();
      };
    }
  }

  private Workplace workplace(Scenario.Medium medium) throws IOException, InterruptedException {
    return switch (medium) {
      case TMPFS -> Workplace.open(work == null ? MEMORY : work, retention(work));
      case EXT4 -> Workplace.openExt4(disk == null ? DISK : disk, retention(disk));
      case WIDE_EXT4 -> Workplace.openWideExt4(disk == null ? DISK : disk, Retention.REMOVE);
      case XFS -> Workplace.openXfs(disk == null ? DISK : disk, retention(disk));
    };
  }

  private static Retention retention(@Nullable Path chosen) {
    return chosen == null ? Retention.REMOVE : Retention.KEEP;
  }
}
