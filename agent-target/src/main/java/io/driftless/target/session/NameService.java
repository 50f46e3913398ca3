package io.driftless.target.session;

import io.driftless.protocol.linux.Accounts;
import io.driftless.target.compare.HostAccounts;
import java.util.Optional;
import java.util.OptionalInt;

/** The users and groups of this host, as its name service knows them. */
record NameService() implements HostAccounts {
  @Override
  public OptionalInt userId(String name) {
    return Accounts.user(name);
  }

  @Override
  public OptionalInt groupId(String name) {
    return Accounts.group(name);
  }

  @Override
  public Optional<String> userName(int id) {
    return Accounts.user(id);
  }

  @Override
  public Optional<String> groupName(int id) {
    return Accounts.group(id);
  }
}
