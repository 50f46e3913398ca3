package io.driftless.protocol.identity;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which part an agent may play in which volumes. What isn't listed isn't allowed.
 *
 * @param roles the allowed roles per volume, none of them empty
 */
public record Rights(SortedMap<VolumeName, Set<Role>> roles) {
  public static final Rights NONE = new Rights(new TreeMap<>());
  public static final int VOLUMES_MAX = 1024;

  public Rights {
    if (roles.size() > VOLUMES_MAX) {
      throw new IllegalArgumentException("an agent has at most " + VOLUMES_MAX + " volumes");
    }
    SortedMap<VolumeName, Set<Role>> copy = new TreeMap<>();
    for (Map.Entry<VolumeName, Set<Role>> volume : roles.entrySet()) {
      // EnumSet keeps the order of the constants, and so of the words in the file.
      copy.put(volume.getKey(), Collections.unmodifiableSet(EnumSet.copyOf(volume.getValue())));
    }
    roles = Collections.unmodifiableSortedMap(copy);
  }

  public static Rights of(VolumeName volume, Role role) {
    return NONE.with(volume, role);
  }

  public boolean allow(VolumeName volume, Role role) {
    return roles.getOrDefault(volume, Set.of()).contains(role);
  }

  public Rights with(VolumeName volume, Role role) {
    SortedMap<VolumeName, Set<Role>> more = new TreeMap<>(roles);
    Set<Role> both = EnumSet.of(role);
    both.addAll(roles.getOrDefault(volume, Set.of()));
    more.put(volume, both);
    return new Rights(more);
  }

  /** These rights and others. */
  public Rights with(Rights others) {
    Rights sum = this;
    for (Map.Entry<VolumeName, Set<Role>> volume : others.roles.entrySet()) {
      for (Role role : volume.getValue()) {
        sum = sum.with(volume.getKey(), role);
      }
    }
    return sum;
  }

  public Rights without(VolumeName volume) {
    SortedMap<VolumeName, Set<Role>> fewer = new TreeMap<>(roles);
    fewer.remove(volume);
    return new Rights(fewer);
  }

  /**
   * The rights whose {@link #toString} is given.
   *
   * @throws IllegalArgumentException if there are none such
   */
  public static Rights parse(String text) {
    Rights rights = NONE;
    if (text.equals("-")) {
      return rights;
    }
    for (String volume : text.split(",", -1)) {
      String[] parts = volume.split(":", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("rights are volume:role+role,..., not: " + volume);
      }
      for (String role : parts[1].split("\\+", -1)) {
        rights = rights.with(new VolumeName(parts[0]), Role.ofWord(role));
      }
    }
    return rights;
  }

  /** For example {@code mail:source,www:source+target}, or {@code -} where there are none. */
  @Override
  public String toString() {
    return roles.isEmpty()
        ? "-"
        : roles.entrySet().stream().map(Rights::describe).collect(joining(","));
  }

  private static String describe(Map.Entry<VolumeName, Set<Role>> volume) {
    return volume.getKey() + ":" + volume.getValue().stream().map(Role::word).collect(joining("+"));
  }
}
