package io.driftless.cli.command;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.WindowText;
import io.driftless.cli.home.Home;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.EntryRate;
import io.driftless.cli.quantity.Rate;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = {
      "Other limits at certain hours, for good. Days, hours, then limits, in one text or several:",
      "  mon-fri 08:00-18:00 20mbit",
      "  daily 22:00-06:00 unlimited disk=50m/s",
      "  2026-12-24..2026-12-26 unlimited",
      "  mon-fri 08:00-18:00 disk=10m/s walk=2000/s",
      "Where windows overlap, dates go before days, fewer days before more, then the lowest limit."
    },
    sortOptions = false)
final class ScheduleAddCommand implements Callable<Integer> {
  private static final String EXAMPLE =
      "driftless throttle schedule add \"mon-fri 08:00-18:00 20mbit\"";

  @Parameters(paramLabel = "WINDOW", arity = "1..*", description = "Days, hours and limits.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--id", paramLabel = "ID", description = "Its name; without it w1, w2, ...")
  private @Nullable String id;

  private final Root root;

  ScheduleAddCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Home home = root.presentHome();
    var windows = new ArrayList<WindowText>(Configuration.read(home).windows());
    WindowText added = parse(List.of(String.join(" ", words).strip().split(" +")), windows);
    if (windows.stream().anyMatch(window -> window.id().equals(added.id()))) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "window-exists",
          "there is a window %s already".formatted(added.id()),
          "driftless throttle schedule remove " + added.id());
    }
    windows.add(added);
    return new ThrottleAtHand(root)
        .change(
            writer -> writer.windows(windows),
            "window %s: %s %s".formatted(added.id(), added.when(), added.limits()));
  }

  private WindowText parse(List<String> parts, List<WindowText> known) throws CommandFailure {
    var when = new ArrayList<String>();
    var limits = new LinkedHashMap<String, String>();
    try {
      for (String part : parts) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          limit(limits, part.substring(0, equals), part.substring(equals + 1));
        } else if (when.isEmpty() || part.indexOf(':') > 0) {
          when.add(part);
        } else {
          limit(limits, "rate", part);
        }
      }
      if (limits.isEmpty()) {
        throw new IllegalArgumentException("which limit holds then? a rate, disk= or walk=");
      }
      String hours = HoursText.of(HoursText.parse(String.join(" ", when)));
      return new WindowText(id == null ? freshId(known) : id, hours, limits);
    } catch (IllegalArgumentException e) {
      throw ThrottleAtHand.usage(e, EXAMPLE);
    }
  }

  private static void limit(Map<String, String> limits, String name, String text) {
    switch (name) {
      case "rate", "disk" -> {
        var _ = Rate.parse(text);
      }
      case "walk" -> {
        var _ = EntryRate.parse(text);
      }
      default ->
          throw new IllegalArgumentException(
              "%s is no limit; they are rate, disk and walk".formatted(Escaped.display(name)));
    }
    if (limits.put(name, text) != null) {
      throw new IllegalArgumentException("two limits of the same kind: " + Escaped.display(name));
    }
  }

  private static String freshId(List<WindowText> known) {
    int number = 1;
    while (true) {
      String fresh = "w" + number++;
      if (known.stream().noneMatch(window -> window.id().equals(fresh))) {
        return fresh;
      }
    }
  }
}
