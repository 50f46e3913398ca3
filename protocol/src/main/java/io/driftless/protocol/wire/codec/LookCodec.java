package io.driftless.protocol.wire.codec;

import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Look;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.LookMessage.Presence;
import io.driftless.protocol.message.LookMessage.Treatment;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.tree.Kind;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Payloads of looks at one entry; what may be absent stands after a byte 0 or 1.
 *
 * <pre>
 * Look    path | compare u8 | hasEntry u8 | entry as EntryCodec has it, if there is one
 * Looked  presence u8 | hasKind u8 | kind u8, if it has | treatment u8 | left u8
 *         | count | { trait u8 | likeness u8 | source text | target text }*
 *         | hasContent u8 | content 32, if it has | detail text
 * </pre>
 */
final class LookCodec {
  private static final int ASPECT_BYTES_MIN = 6;
  private static final Compare[] COMPARES = Compare.values();
  private static final Presence[] PRESENCES = Presence.values();
  private static final Treatment[] TREATMENTS = Treatment.values();
  private static final Left[] LEFTS = Left.values();
  private static final Trait[] TRAITS = Trait.values();
  private static final Likeness[] LIKENESSES = Likeness.values();

  private LookCodec() {}

  static void encode(LookMessage message, PayloadWriter out) {
    switch (message) {
      case Look(var path, var entry, var compare) -> {
        out.path(path).choice(compare).u8(entry.isPresent() ? 1 : 0);
        entry.ifPresent(out::entry);
      }
      case Looked looked -> encode(looked, out);
    }
  }

  private static void encode(Looked looked, PayloadWriter out) {
    out.choice(looked.presence()).u8(looked.kind().isPresent() ? 1 : 0);
    looked.kind().ifPresent(kind -> out.u8(kind.code()));
    out.choice(looked.treatment())
        .choice(looked.left())
        .count(looked.aspects().size(), Looked.ASPECTS_MAX);
    for (Aspect each : looked.aspects()) {
      out.choice(each.trait()).choice(each.likeness()).text(each.source()).text(each.target());
    }
    out.u8(looked.content().isPresent() ? 1 : 0);
    looked.content().ifPresent(out::sha256);
    out.text(looked.detail());
  }

  static LookMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case LOOK -> {
        var path = in.path();
        var compare = in.choice(COMPARES);
        yield new Look(path, optional(in, in::entry), compare);
      }
      case LOOKED ->
          new Looked(
              in.choice(PRESENCES),
              optional(in, () -> Kind.ofCode(in.u8())),
              in.choice(TREATMENTS),
              in.choice(LEFTS),
              in.list(Looked.ASPECTS_MAX, ASPECT_BYTES_MIN, () -> decodeAspect(in)),
              LookCodec.<Sha256>optional(in, in::sha256),
              in.text());
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static Aspect decodeAspect(PayloadReader in) {
    return new Aspect(in.choice(TRAITS), in.choice(LIKENESSES), in.text(), in.text());
  }

  private static <T> Optional<T> optional(PayloadReader in, Supplier<T> value) {
    return switch (in.u8()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(value.get());
      default -> throw new CorruptedFrameException("something that is neither there nor not");
    };
  }
}
