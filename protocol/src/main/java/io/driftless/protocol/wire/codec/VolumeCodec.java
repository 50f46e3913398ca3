package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.VolumeMessage;
import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.Blocked;
import io.driftless.protocol.message.VolumeMessage.CloseVolume;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Queued;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.Unblocked;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.message.VolumeMessage.Windows;

/**
 * Payloads that open and close volumes.
 *
 * <pre>
 * OpenVolume    volume word | role u8 | kind u8 | access u8 | generation | fileSystem 16
 *               | inode u64 | inodeGeneration u64 | owners u8 | count | { filter word }*
 * VolumeOpened  generation | state u8 | seed u64 | slices | entries | streamedBytes | linkGroups
 *               | standing u8 | freeBytes | freeInodes
 * Blocked       reason text | missingBytes | missingInodes
 * Unblocked     nothing
 * Queued        place
 * OwnerNames    count | { kind u8 | id u32 | name word }*
 * CloseVolume   slug text | message text | hint text
 * </pre>
 */
final class VolumeCodec {
  private static final int OWNER_NAME_BYTES_MAX = 255;
  private static final int OWNER_NAME_BYTES_MIN = 6;
  private static final Role[] ROLES = Role.values();
  private static final VolumeKind[] KINDS = VolumeKind.values();
  private static final Access[] ACCESSES = Access.values();
  private static final Owners[] OWNERS = Owners.values();
  private static final VolumeState[] STATES = VolumeState.values();
  private static final Standing[] STANDINGS = Standing.values();
  private static final OwnerKind[] OWNER_KINDS = OwnerKind.values();

  private VolumeCodec() {}

  static void encode(VolumeMessage message, PayloadWriter out) {
    switch (message) {
      case OpenVolume open -> encode(open, out);
      case VolumeOpened opened -> encode(opened, out);
      case Blocked(var reason, long missingBytes, long missingInodes) ->
          out.text(reason).number(missingBytes).number(missingInodes);
      case Unblocked() -> {}
      case Queued(int place) -> out.number(place);
      case OwnerNames(var names) -> {
        out.count(names.size(), OwnerNames.NAMES_MAX);
        names.forEach(
            name -> out.choice(name.kind()).s32(name.id()).word(name.name(), OWNER_NAME_BYTES_MAX));
      }
      case CloseVolume(var slug, var text, var hint) -> out.text(slug).text(text).text(hint);
    }
  }

  private static void encode(OpenVolume open, PayloadWriter out) {
    out.word(open.volume(), VolumeMessage.MAX_NAME_BYTES)
        .choice(open.role())
        .choice(open.kind())
        .choice(open.access())
        .number(open.generation())
        .uuid(open.root().fileSystem())
        .s64(open.root().inode())
        .s64(open.root().inodeGeneration())
        .choice(open.owners())
        .count(open.filters().size(), OpenVolume.FILTERS_MAX);
    open.filters().forEach(filter -> out.word(filter, OpenVolume.MAX_FILTER_BYTES));
  }

  private static void encode(VolumeOpened opened, PayloadWriter out) {
    Windows windows = opened.windows();
    out.number(opened.generation())
        .choice(opened.state())
        .s64(opened.seed())
        .number(windows.slices())
        .number(windows.entries())
        .number(windows.streamedBytes())
        .number(windows.linkGroups())
        .choice(opened.standing())
        .number(opened.room().freeBytes())
        .number(opened.room().freeInodes());
  }

  static VolumeMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case OPEN_VOLUME -> decodeOpen(in);
      case VOLUME_OPENED -> decodeOpened(in);
      case BLOCKED -> new Blocked(in.text(), in.number(), in.number());
      case UNBLOCKED -> new Unblocked();
      case QUEUED -> new Queued(in.number(Integer.MAX_VALUE));
      case OWNER_NAMES ->
          new OwnerNames(
              in.list(OwnerNames.NAMES_MAX, OWNER_NAME_BYTES_MIN, () -> decodeOwnerName(in)));
      case CLOSE_VOLUME -> new CloseVolume(in.text(), in.text(), in.text());
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static OpenVolume decodeOpen(PayloadReader in) {
    return new OpenVolume(
        in.word(VolumeMessage.MAX_NAME_BYTES),
        in.choice(ROLES),
        in.choice(KINDS),
        in.choice(ACCESSES),
        in.number(),
        new RootIdentity(in.uuid(), in.s64(), in.s64()),
        in.choice(OWNERS),
        in.list(OpenVolume.FILTERS_MAX, 1, () -> in.word(OpenVolume.MAX_FILTER_BYTES)));
  }

  private static VolumeOpened decodeOpened(PayloadReader in) {
    return new VolumeOpened(
        in.number(),
        in.choice(STATES),
        in.s64(),
        new Windows(
            in.number(Integer.MAX_VALUE),
            in.number(Integer.MAX_VALUE),
            in.number(),
            in.number(Integer.MAX_VALUE)),
        in.choice(STANDINGS),
        new Room(in.number(), in.number()));
  }

  private static OwnerName decodeOwnerName(PayloadReader in) {
    return new OwnerName(in.choice(OWNER_KINDS), in.s32(), in.word(OWNER_NAME_BYTES_MAX));
  }
}
