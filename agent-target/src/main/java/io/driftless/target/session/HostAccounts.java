package io.driftless.target.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.driftless.target.compare.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The users and groups in {@code /etc/passwd} and {@code /etc/group}, read once. Immutable. */
final class HostAccounts implements Accounts {
  private final Map<String, Integer> users;
  private final Map<String, Integer> groups;
  private final Map<Integer, String> userNames = new HashMap<>();
  private final Map<Integer, String> groupNames = new HashMap<>();

  private HostAccounts(Map<String, Integer> users, Map<String, Integer> groups) {
    this.users = users;
    this.groups = groups;
    users.forEach((name, id) -> userNames.put(id, name));
    groups.forEach((name, id) -> groupNames.put(id, name));
  }

  static HostAccounts read() throws IOException {
    return new HostAccounts(idsIn(Path.of("/etc/passwd")), idsIn(Path.of("/etc/group")));
  }

  /** Lines of {@code name:password:id:...}. */
  private static Map<String, Integer> idsIn(Path file) throws IOException {
    var ids = new HashMap<String, Integer>();
    for (String line : Files.readAllLines(file, ISO_8859_1)) {
      String[] fields = line.split(":", 4);
      if (fields.length >= 3 && fields[2].matches("[0-9]{1,10}")) {
        ids.putIfAbsent(fields[0], (int) Long.parseLong(fields[2]));
      }
    }
    return ids;
  }

  @Override
  public OptionalInt userId(String name) {
    Integer id = users.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public OptionalInt groupId(String name) {
    Integer id = groups.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public Optional<String> userName(int id) {
    return Optional.ofNullable(userNames.get(id));
  }

  @Override
  public Optional<String> groupName(int id) {
    return Optional.ofNullable(groupNames.get(id));
  }
}
