package io.driftless.perf;

import io.driftless.perf.Workplace.Retention;
import io.driftless.perf.contender.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  @Parameters(
      paramLabel = "SCENARIO",
      description = {
        "small, large, small-ext4, jdk (these four by default),",
        "tiny, large-ext4, usr, unchanged, unchanged-tiny,",
        "hundred, pages, pages-xfs, front, moved"
      })
  private List<String> scenarios = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "turns that count, ${DEFAULT-VALUE} by default")
  private int rounds;

  @Option(
      names = "--contenders",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "cp,find,driftless-copy,driftless,rsync-ssh,rsync-daemon",
      description = "${DEFAULT-VALUE}")
  private List<String> contenders = new ArrayList<>();

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
    var plan =
        new Trial.Plan(
            contenders.stream().map(Kind::ofLabel).toList(),
            rounds,
            repository.resolve("cli/bin/driftless"));
    var results = new ArrayList<Trial.Result>();
    for (Scenario scenario : chosen()) {
      results.add(run(scenario, plan));
      System.out.println("\n" + ResultTable.of(results.getLast()));
      if (json != null) {
        Files.writeString(json, ResultJson.of(machine, results));
      }
    }
    return 0;
  }

  private List<Scenario> chosen() {
    return scenarios.isEmpty()
        ? Scenario.DEFAULT
        : scenarios.stream().map(Scenario::ofLabel).toList();
  }

  private Trial.Result run(Scenario scenario, Trial.Plan plan)
      throws IOException, InterruptedException {
    try (Workplace place = workplace(scenario.medium())) {
      return new Trial(scenario, place, plan, System.err::println).run();
    }
  }

  private Workplace workplace(Scenario.Medium medium) throws IOException, InterruptedException {
    return switch (medium) {
      case TMPFS -> Workplace.open(work == null ? MEMORY : work, retention(work));
      case EXT4 -> Workplace.openExt4(disk == null ? DISK : disk, retention(disk));
      case XFS -> Workplace.openXfs(disk == null ? DISK : disk, retention(disk));
    };
  }

  private static Retention retention(@Nullable Path chosen) {
    return chosen == null ? Retention.REMOVE : Retention.KEEP;
  }
}
