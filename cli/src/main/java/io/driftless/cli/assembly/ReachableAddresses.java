package io.driftless.cli.assembly;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/** Under which addresses other hosts may reach a listener of this host. */
final class ReachableAddresses {
  private ReachableAddresses() {}

  /** The address itself, or where it listens everywhere: those of the interfaces that are up. */
  static List<Address> of(InetSocketAddress listening) throws IOException {
    InetAddress at = listening.getAddress();
    if (!at.isAnyLocalAddress()) {
      return List.of(new Address(at.getHostAddress(), listening.getPort()));
    }
    var found = new ArrayList<Address>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        network
            .inetAddresses()
            .filter(address -> !address.isLinkLocalAddress())
            .forEach(address -> found.add(new Address(withoutZone(address), listening.getPort())));
      }
    }
    if (found.isEmpty()) {
      found.add(new Address("127.0.0.1", listening.getPort()));
    }
    return found.stream().limit(Token.ADDRESSES_MAX).toList();
  }

  private static String withoutZone(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
