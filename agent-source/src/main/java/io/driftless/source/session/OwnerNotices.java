package io.driftless.source.session;

import io.driftless.protocol.linux.Accounts;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.Conversation;
import io.driftless.source.report.Findings;
import io.driftless.source.scan.OwnerCensus;
import io.driftless.source.scan.OwnerCensus.Count;
import io.driftless.source.scan.OwnerCensus.Owner;
import io.driftless.source.send.ViolationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Notices where a number that owns entries has one name here and another one on the target: where
 * owners go by number, they become somebody else's. Thread-safe.
 */
final class OwnerNotices {
  /** The most frequent ones; nobody reads more. */
  private static final int ASKED_MAX = 1024;

  private static final int TOLD_MAX = 20;

  private final Findings findings;
  private final Map<Owner, Known> asked = new HashMap<>();

  private record Known(String name, long entries) {}

  OwnerNotices(Findings findings) {
    this.findings = findings;
  }

  /** Asks the target about all owners that have a name here. */
  void ask(OwnerCensus census, Conversation conversation) {
    ask(census, OwnerNotices::nameHere, conversation);
  }

  private static String nameHere(OwnerKind kind, int id) {
    return (kind == OwnerKind.USER ? Accounts.user(id) : Accounts.group(id)).orElse("");
  }

  void ask(
      OwnerCensus census, BiFunction<OwnerKind, Integer, String> names, Conversation conversation) {
    var known = new ArrayList<OwnerName>();
    for (Count each : census.mostFrequent(ASKED_MAX)) {
      Owner owner = each.owner();
      String name = names.apply(owner.kind(), owner.id());
      if (!name.isEmpty()) {
        known.add(new OwnerName(owner.kind(), owner.id(), name));
        remember(owner, new Known(name, each.entries()));
      }
    }
    if (!known.isEmpty()) {
      conversation.send(new OwnerNames(List.copyOf(known)));
    }
  }

  private synchronized void remember(Owner owner, Known known) {
    asked.put(owner, known);
  }

  /** The target has other names for these; only what was asked may be answered, and once. */
  synchronized void answered(OwnerNames answer) {
    int told = 0;
    for (OwnerName there : answer.names()) {
      Known here = asked.remove(new Owner(there.kind(), there.id()));
      if (here == null || here.name().equals(there.name())) {
        throw new ViolationException("the target names an owner that it was not asked about");
      }
      if (++told <= TOLD_MAX) {
        findings.notice(notice(there, here));
      }
    }
    asked.clear();
    if (told > TOLD_MAX) {
      findings.notice(
          new Notice(
              "owner-names",
              "%,d more owners have other names on the target".formatted(told - TOLD_MAX)));
    }
  }

  private static Notice notice(OwnerName there, Known here) {
    return new Notice(
        "owner-names",
        "%s %s is %s here and %s there, %,d %s"
            .formatted(
                there.kind() == OwnerKind.USER ? "user" : "group",
                Integer.toUnsignedString(there.id()),
                Escaped.display(here.name()),
                Escaped.display(there.name()),
                here.entries(),
                here.entries() == 1 ? "entry" : "entries"));
  }
}
