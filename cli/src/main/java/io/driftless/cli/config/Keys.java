package io.driftless.cli.config;

import io.driftless.cli.home.AgentRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that may stand in the configuration of an agent. */
final class Keys {
  private static final int LIST_MAX = 1024;
  private static final int WINDOWS_MAX = 64;
  private static final int PASSES_MAX = 64;
  private static final int WEIGHT_MAX = 100;
  private static final int ADDRESSES_MAX = 8;
  private static final int LANES_MAX = 16;

  /**
   * One key.
   *
   * @param path with {@code *} for a name that the administrator chooses
   * @param standard shown where the key is left out, empty if there is no such value
   */
  record Key(List<String> path, Shape shape, String standard) {
    boolean matches(List<String> key) {
      if (key.size() != path.size()) {
        return false;
      }
      for (int i = 0; i < key.size(); i++) {
        if (!path.get(i).equals("*") && !path.get(i).equals(key.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Key> keys;

  private Keys(List<Key> keys) {
    this.keys = keys;
  }

  static Keys of(AgentRole role) {
    var keys = new ArrayList<Key>();
    keys.add(key("name", Shape.agentName(), ""));
    keys.add(key("http", Shape.address(), ""));
    keys.add(key("guards.delete-share", Shape.share(), "\"25%\""));
    keys.add(key("alarm.lag", Shape.span(), ""));
    keys.add(key("alarm.run", Shape.list(Shape.text(), LIST_MAX), ""));
    keys.add(key("volumes.*.root", Shape.absolutePath(), ""));
    keys.add(key("volumes.*.removed", Shape.bool(), "false"));
    addThrottle(keys, role);
    switch (role) {
      case SOURCE -> addSource(keys);
      case TARGET -> addTarget(keys);
    }
    return new Keys(List.copyOf(keys));
  }

  private static void addSource(List<Key> keys) {
    keys.add(key("lanes", Shape.whole(1, LANES_MAX), "2"));
    keys.add(key("targets.*.addresses", Shape.list(Shape.address(), ADDRESSES_MAX), ""));
    keys.add(key("volumes.*.target", Shape.agentName(), ""));
    keys.add(key("volumes.*.exclude", Shape.list(Shape.text(), LIST_MAX), "[]"));
    keys.add(key("volumes.*.owners", Shape.choice(Set.of("numeric", "name")), "\"numeric\""));
    keys.add(key("volumes.*.replicate", Shape.bool(), "false"));
    keys.add(key("throttle.walk", Shape.entryRate(), "\"unlimited\""));
    keys.add(key("throttle.priority", Shape.choice(Set.of("low", "normal")), "\"low\""));
    keys.add(key("volumes.*.weight", Shape.whole(1, WEIGHT_MAX), "1"));
  }

  private static void addThrottle(List<Key> keys, AgentRole role) {
    keys.add(key("throttle.zone", Shape.zone(), ""));
    keys.add(key("throttle.base", Shape.rate(), "\"unlimited\""));
    keys.add(key("throttle.disk", Shape.rate(), "\"unlimited\""));
    keys.add(key("throttle.windows", Shape.list(WindowShape.of(role), WINDOWS_MAX), "[]"));
    keys.add(key("throttle.yield-io", Shape.threshold(), ""));
    keys.add(key("throttle.yield-cpu", Shape.threshold(), ""));
  }

  private static void addTarget(List<Key> keys) {
    keys.add(key("listen", Shape.listenAddress(), ""));
    keys.add(key("passes", Shape.whole(1, PASSES_MAX), "4"));
    keys.add(key("volumes.*.mounted", Shape.bool(), "false"));
  }

  private static Key key(String path, Shape shape, String standard) {
    return new Key(List.of(path.split("\\.")), shape, standard);
  }

  Optional<Key> find(List<String> key) {
    return keys.stream().filter(each -> each.matches(key)).findFirst();
  }

  List<Key> all() {
    return keys;
  }

  /** Tells whether keys begin so, that is, whether this is a table. */
  boolean isTable(List<String> prefix) {
    return keys.stream()
        .anyMatch(key ->
            key.path().size() > prefix.size()
                && new Key(key.path().subList(0, prefix.size()), key.shape(), "").matches(prefix));
  }

  /** The key that somebody who wrote this is most likely to have meant. */
  Optional<String> likely(List<String> written) {
    return keys.stream()
        .map(key -> filledIn(key, written))
        .filter(candidate -> distance(candidate, join(written)) <= tolerance(written))
        .min(Comparator.comparingInt(candidate -> distance(candidate, join(written))));
  }

  /** The key's path with the names that were chosen, where it has the same depth. */
  private static String filledIn(Key key, List<String> written) {
    var parts = new ArrayList<String>();
    for (int i = 0; i < key.path().size(); i++) {
      boolean chosen = key.path().get(i).equals("*") && i < written.size();
      parts.add(chosen ? written.get(i) : key.path().get(i));
    }
    return join(parts);
  }

  private static int tolerance(List<String> written) {
    return Math.max(2, written.getLast().length() / 2);
  }

  private static String join(List<String> key) {
    return String.join(".", key);
  }

  static int distance(String a, String b) {
    return EditDistance.between(a, b);
  }
}
