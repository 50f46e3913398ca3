package io.driftless.target.compare;

import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** In what the metadata of two entries differs, with both values as short texts. Pure. */
public final class Traits {
  private static final int VALUE_BYTES_SHOWN = 24;
  private static final String ACL_PREFIX = "system.posix_acl_";
  private static final String NONE = "none";

  /** By the letters of {@code lsattr}. */
  private static final Map<Integer, Character> FLAG_LETTERS =
      Map.ofEntries(
          Map.entry(InodeFlags.COMPRESS, 'c'),
          Map.entry(InodeFlags.SYNC, 'S'),
          Map.entry(InodeFlags.IMMUTABLE, 'i'),
          Map.entry(InodeFlags.APPEND, 'a'),
          Map.entry(InodeFlags.NODUMP, 'd'),
          Map.entry(InodeFlags.NOATIME, 'A'),
          Map.entry(InodeFlags.JOURNAL_DATA, 'j'),
          Map.entry(InodeFlags.DIRSYNC, 'D'),
          Map.entry(InodeFlags.TOPDIR, 'T'),
          Map.entry(InodeFlags.NOCOW, 'C'),
          Map.entry(InodeFlags.PROJECT_INHERIT, 'P'));

  /** In the order in which they are shown side by side. */
  private static final List<Trait> SHOWN =
      List.of(
          Trait.TYPE,
          Trait.SIZE,
          Trait.MODE,
          Trait.OWNER,
          Trait.GROUP,
          Trait.MTIME,
          Trait.FLAGS,
          Trait.LINK_TARGET,
          Trait.DEVICE);

  private Traits() {}

  /**
   * One trait that differs.
   *
   * @param source its value there
   * @param target its value here
   */
  public record Differing(Trait trait, String source, String target) {}

  /** What differs; of entries of two kinds only that. */
  public static List<Differing> between(Metadata source, Metadata target) {
    if (source.kind() != target.kind()) {
      return List.of(new Differing(Trait.TYPE, word(source.kind()), word(target.kind())));
    }
    var all = new ArrayList<Differing>();
    add(all, Trait.SIZE, source.sizeBytes(), target.sizeBytes());
    add(all, Trait.MODE, mode(source), mode(target));
    add(all, Trait.OWNER, id(source.owner()), id(target.owner()));
    add(all, Trait.GROUP, id(source.group()), id(target.group()));
    add(all, Trait.MTIME, moment(source.modified()), moment(target.modified()));
    add(all, Trait.FLAGS, flags(source.flags()), flags(target.flags()));
    add(all, Trait.LINK_TARGET, text(source.linkTarget()), text(target.linkTarget()));
    add(all, Trait.DEVICE, device(source.device()), device(target.device()));
    if (!source.linkTarget().equals(target.linkTarget())
        && text(source.linkTarget()).equals(text(target.linkTarget()))) {
      all.add(new Differing(Trait.LINK_TARGET, hex(source.linkTarget()), hex(target.linkTarget())));
    }
    addAttributes(all, source.attributes(), target.attributes());
    return all;
  }

  /**
   * All traits of an entry side by side, at most {@link Looked#ASPECTS_MAX}; what is the same is
   * left out where there are more.
   *
   * @param source null where the source has no such entry
   */
  public static List<Aspect> sideBySide(@Nullable Metadata source, Metadata target) {
    var all = new ArrayList<Aspect>();
    for (Trait trait : SHOWN) {
      String there = source == null ? "" : value(trait, source);
      String here = value(trait, target);
      if (!there.isEmpty() || !here.isEmpty()) {
        all.add(new Aspect(trait, likeness(source, there.equals(here)), there, here));
      }
    }
    addAspects(all, source, target);
    if (all.size() <= Looked.ASPECTS_MAX) {
      return all;
    }
    return all.stream()
        .filter(each -> each.likeness() != Likeness.SAME)
        .limit(Looked.ASPECTS_MAX)
        .toList();
  }

  private static Likeness likeness(@Nullable Metadata source, boolean same) {
    if (source == null) {
      return Likeness.NOT_COMPARED;
    }
    return same ? Likeness.SAME : Likeness.OTHER;
  }

  /** A trait as text, different where the trait is; empty where the kind has no such trait. */
  private static String value(Trait trait, Metadata of) {
    return switch (trait) {
      case TYPE -> word(of.kind());
      case SIZE -> of.kind() == Kind.REGULAR ? Long.toString(of.sizeBytes()) : "";
      case MODE -> mode(of);
      case OWNER -> id(of.owner());
      case GROUP -> id(of.group());
      case MTIME -> moment(of.modified());
      case FLAGS -> flags(of.flags());
      case LINK_TARGET -> of.kind() == Kind.SYMLINK ? linkTarget(of.linkTarget()) : "";
      case DEVICE -> of.kind().isDevice() ? device(of.device()) : "";
      default -> "";
    };
  }

  private static String linkTarget(Bytes of) {
    return Escaped.isUtf8(of.toBytes()) ? text(of) : hex(of);
  }

  private static void addAspects(List<Aspect> all, @Nullable Metadata source, Metadata target) {
    Map<Bytes, Bytes> there = source == null ? Map.of() : byName(source.attributes());
    Map<Bytes, Bytes> here = byName(target.attributes());
    var names = new TreeMap<Bytes, Bytes>(there);
    names.putAll(here);
    for (Bytes name : names.keySet()) {
      boolean acl = name.toString().startsWith(ACL_PREFIX);
      String label = (acl ? name.toString().substring(ACL_PREFIX.length()) : name) + " ";
      all.add(
          new Aspect(
              acl ? Trait.ACL : Trait.XATTR,
              likeness(source, Objects.equals(there.get(name), here.get(name))),
              source == null ? "" : label + value(there.get(name)),
              label + value(here.get(name))));
    }
  }

  private static void add(List<Differing> to, Trait trait, Object source, Object target) {
    if (!source.equals(target)) {
      to.add(new Differing(trait, source.toString(), target.toString()));
    }
  }

  /** A kind in one or two words. */
  public static String word(Kind kind) {
    return kind == Kind.REGULAR ? "file" : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String mode(Metadata of) {
    return "%04o".formatted(of.permissions());
  }

  private static String id(int id) {
    return Integer.toUnsignedString(id);
  }

  private static String moment(Timestamp time) {
    try {
      return Instant.ofEpochSecond(time.seconds(), time.nanos()).toString();
    } catch (DateTimeException e) {
      return "%d s %d ns".formatted(time.seconds(), time.nanos());
    }
  }

  private static String device(long device) {
    return "%d:%d".formatted(device >>> 32, device & 0xFFFF_FFFFL);
  }

  private static String text(Bytes bytes) {
    return bytes.toString();
  }

  private static String flags(int flags) {
    if (flags == 0) {
      return NONE;
    }
    var letters = new StringBuilder();
    for (int bit = 1; bit != 0; bit <<= 1) {
      if ((flags & bit) != 0) {
        letters.append(FLAG_LETTERS.getOrDefault(bit, '?'));
      }
    }
    return letters.toString();
  }

  private static void addAttributes(
      List<Differing> all, List<Attribute> source, List<Attribute> target) {
    if (source.equals(target)) {
      return;
    }
    Map<Bytes, Bytes> there = byName(source);
    Map<Bytes, Bytes> here = byName(target);
    var names = new TreeMap<Bytes, Bytes>(there);
    names.putAll(here);
    for (Bytes name : names.keySet()) {
      if (!Objects.equals(there.get(name), here.get(name))) {
        boolean acl = name.toString().startsWith(ACL_PREFIX);
        String label = acl ? name.toString().substring(ACL_PREFIX.length()) : name.toString();
        all.add(
            new Differing(
                acl ? Trait.ACL : Trait.XATTR,
                label + " " + value(there.get(name)),
                label + " " + value(here.get(name))));
      }
    }
  }

  private static Map<Bytes, Bytes> byName(List<Attribute> attributes) {
    var map = new TreeMap<Bytes, Bytes>();
    attributes.forEach(each -> map.put(each.name(), each.value()));
    return map;
  }

  private static String value(@Nullable Bytes value) {
    if (value == null) {
      return NONE;
    }
    byte[] bytes = value.toBytes();
    boolean printable = Escaped.isUtf8(bytes) && text(value).length() == bytes.length;
    return printable && bytes.length <= 2 * VALUE_BYTES_SHOWN
        ? "\"" + text(value) + "\""
        : hex(value);
  }

  private static String hex(Bytes value) {
    byte[] bytes = value.toBytes();
    if (bytes.length <= VALUE_BYTES_SHOWN) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
    return "0x%s... (%d bytes)"
        .formatted(HexFormat.of().formatHex(bytes, 0, VALUE_BYTES_SHOWN), bytes.length);
  }
}
