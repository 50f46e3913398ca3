package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.LinkMessage;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.LinkMessage.LinkGroupsDone;

/**
 * Payloads of the link phase; paths as in {@link PassCodec}.
 *
 * <pre>
 * LinkGroup       group | first path | count | { path }*
 * LinkGroupsDone  count | { group near }*
 * EndOfLinks      groups
 * </pre>
 */
final class LinkCodec {
  private static final int PATH_BYTES_MIN = 2;

  private LinkCodec() {}

  static void encode(LinkMessage message, PayloadWriter out) {
    switch (message) {
      case LinkGroup(long group, var first, var others) -> {
        out.number(group).path(first).count(others.size(), LinkGroup.OTHERS_MAX);
        others.forEach(out::path);
      }
      case LinkGroupsDone(var groups) -> {
        out.count(groups.size(), LinkGroupsDone.GROUPS_MAX);
        groups.forEach(out::near);
      }
      case EndOfLinks(long groups) -> out.number(groups);
    }
  }

  static LinkMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case LINK_GROUP ->
          new LinkGroup(
              in.ordinal(), in.path(), in.list(LinkGroup.OTHERS_MAX, PATH_BYTES_MIN, in::path));
      case LINK_GROUPS_DONE ->
          new LinkGroupsDone(in.list(LinkGroupsDone.GROUPS_MAX, 1, in::nearOrdinal));
      case END_OF_LINKS -> new EndOfLinks(in.number());
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }
}
