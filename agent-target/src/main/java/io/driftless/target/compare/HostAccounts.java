package io.driftless.target.compare;

import java.util.Optional;
import java.util.OptionalInt;

/** The users and groups of this host. Thread-safe. */
public interface HostAccounts {
  OptionalInt userId(String name);

  OptionalInt groupId(String name);

  Optional<String> userName(int id);

  Optional<String> groupName(int id);
}
