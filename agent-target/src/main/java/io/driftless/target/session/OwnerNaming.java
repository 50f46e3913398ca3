package io.driftless.target.session;

import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.target.compare.HostAccounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds numbers of owners that have another name on this host than at the source. */
final class OwnerNaming {
  private OwnerNaming() {}

  /** Those that have a name here, and a different one; asks the name service about each. */
  static OwnerNames others(OwnerNames there, HostAccounts accounts) {
    var others = new ArrayList<OwnerName>();
    for (OwnerName each : there.names()) {
      Optional<String> here =
          each.kind() == OwnerKind.USER
              ? accounts.userName(each.id())
              : accounts.groupName(each.id());
      here.filter(name -> !name.isEmpty() && !name.equals(each.name()) && !each.name().isEmpty())
          .ifPresent(name -> others.add(new OwnerName(each.kind(), each.id(), name)));
    }
    return new OwnerNames(List.copyOf(others));
  }
}
