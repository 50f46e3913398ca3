package io.driftless.source.session;

import static java.util.Objects.requireNonNull;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader;
import io.driftless.protocol.wire.RecordReader.DataExtent;
import io.driftless.protocol.wire.RecordReader.Form;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tree that a fake target has got, and what it still waits for. Guarded by itself. */
final class FakeReplica {
  /** A file, a link or a device as it arrived. */
  static final class Node {
    Entry entry;
    byte @Nullable [] content;
    final List<long[]> holes = new ArrayList<>();
    boolean busy;

    /** The first name of the inode that this name was linked to. */
    @Nullable TreePath linkedTo;

    Node(Entry entry) {
      this.entry = entry;
    }

    Metadata metadata() {
      return entry.metadata();
    }
  }

  private static final class Slice {
    final TreePath directory;
    int entries;
    boolean listed;
    long asked;
    final Map<Integer, Name> names = new HashMap<>();
    final Set<Name> distinct = new HashSet<>();
    final Map<Integer, Assembly> assemblies = new HashMap<>();
    final Map<Integer, FakeDelta> deltas = new HashMap<>();

    Slice(TreePath directory, int entries) {
      this.directory = directory;
      this.entries = entries;
    }
  }

  /** A large file on its way. */
  private static final class Assembly {
    final Node node;
    final byte[] bytes;
    long next;
    long version = -1;

    Assembly(Node node) {
      this.node = node;
      this.bytes = new byte[(int) node.metadata().sizeBytes()];
    }
  }

  private final SeededHash hash;
  private final Map<TreePath, Map<Name, Node>> directories = new HashMap<>();
  private final Map<TreePath, Entry> selves = new TreeMap<>();
  private final Map<Long, Slice> slices = new LinkedHashMap<>();
  private final Set<Long> finished = new HashSet<>();
  private List<Long> done = new ArrayList<>();
  private List<Message> requests = new ArrayList<>();

  int listings;
  int contentRecords;
  int busyRecords;
  int wants;
  int segments;
  int comparisons;
  int refinements;
  int deltaMessages;

  /** Whether large files come by delta where there is something to build on. */
  boolean byDelta;

  long matchedBytes;
  long contentBytes;
  final List<String> failures = new ArrayList<>();
  final List<LinkGroup> linkGroups = new ArrayList<>();
  final List<Scope> scopes = new ArrayList<>();

  FakeReplica(SeededHash hash) {
    this.hash = hash;
  }

  synchronized void begin() {
    slices.clear();
    finished.clear();
    done = new ArrayList<>();
    requests = new ArrayList<>();
    listings = 0;
    contentRecords = 0;
    busyRecords = 0;
    wants = 0;
    segments = 0;
    comparisons = 0;
    refinements = 0;
    deltaMessages = 0;
    matchedBytes = 0;
    contentBytes = 0;
    failures.clear();
    linkGroups.clear();
    scopes.clear();
  }

  // Comparing

  synchronized Finding judge(Offer offer) {
    scopes.add(offer.scope());
    boolean isEmptyRoot =
        offer.directory().isRoot() && selves.size() == 1 && children(TreePath.ROOT).isEmpty();
    boolean isEmpty = !selves.containsKey(offer.directory()) || isEmptyRoot;
    Finding finding =
        isEmpty
            ? Finding.ABSENT
            : digest(offer.directory(), offer.scope()).equals(offer.digest())
                ? Finding.EQUAL
                : Finding.DIFFERS;
    if (finding == Finding.EQUAL) {
      finished.add(offer.slice());
    } else {
      slices.put(offer.slice(), new Slice(offer.directory(), offer.entries()));
    }
    return finding;
  }

  private Digest digest(TreePath directory, Scope scope) {
    Digest sum = Digest.EMPTY;
    if (scope.holdsDirectoryItself()) {
      sum = sum.plus(digest(requireNonNull(selves.get(directory))));
    }
    for (Node node : children(directory).values()) {
      if (scope.contains(hash.hash64(node.entry.requireName()))) {
        sum = sum.plus(digest(node.entry));
      }
    }
    return sum;
  }

  private Digest digest(Entry entry) {
    ByteBuf core = Unpooled.directBuffer();
    EntryCodec.encodeCore(entry, core);
    Digest digest = hash.hash128(core, 0, core.readableBytes());
    core.release();
    return digest;
  }

  // Taking

  /** Returns the streamed bytes in it. */
  synchronized long listed(Listing listing) {
    listings++;
    var head = listing.head();
    Slice slice = slices.get(listing.slice());
    if (head != null) {
      scopes.add(head.scope());
      if (slice == null) {
        slice = new Slice(head.directory(), 0);
        slices.put(listing.slice(), slice);
      }
    }
    if (slice == null || slice.listed) {
      throw new IllegalStateException(
          "a part of slice %d without a head".formatted(listing.slice()));
    }
    long streamed = 0;
    int expected = listing.firstIndex();
    var reader = new RecordReader(listing.records().bytes());
    while (reader.next()) {
      if (reader.index() == -1) {
        selves.put(slice.directory, reader.entry());
        continue;
      }
      if (reader.index() != expected++) {
        throw new IllegalStateException(
            "index %d, expected %d".formatted(reader.index(), expected));
      }
      streamed += take(listing.slice(), slice, reader, listing.records().bytes());
    }
    slice.listed = listing.part() == Part.LAST;
    checkDone(listing.slice(), slice);
    return streamed;
  }

  private long take(long number, Slice slice, RecordReader reader, ByteBuf bytes) {
    Entry entry = reader.entry();
    Node old = children(slice.directory).get(entry.requireName());
    var node = new Node(entry);
    slice.names.put(reader.index(), entry.requireName());
    if (!slice.distinct.add(entry.requireName())) {
      throw new IllegalStateException("twice in a listing: " + entry.requireName());
    }
    if (entry.kind() != Kind.REGULAR || entry.linkRole() == LinkRole.LATER) {
      if (old != null && old.metadata().sameAs(entry.metadata())) {
        node.content = old.content;
        node.linkedTo = old.linkedTo;
      }
      children(slice.directory).put(entry.requireName(), node);
      return 0;
    }
    if (reader.form() == Form.WHOLE || reader.form() == Form.SPARSE) {
      return fill(slice, node, reader, bytes);
    }
    if (old != null && old.content != null && old.metadata().sameAs(entry.metadata())) {
      node.content = old.content;
      children(slice.directory).put(entry.requireName(), node);
      return 0;
    }
    ask(number, slice, reader.index(), node, old);
    return 0;
  }

  private void ask(long number, Slice slice, int index, Node node, @Nullable Node old) {
    slice.asked++;
    if (node.metadata().sizeBytes() <= ContentMessage.INLINE_BYTES_MAX) {
      wants++;
      requests.add(new Want(number, List.of(index)));
      return;
    }
    var assembly = new Assembly(node);
    if (byDelta && old != null && old.content != null) {
      var delta = new FakeDelta(number, index, old.content, assembly.bytes.length, hash);
      slice.assemblies.put(index, assembly);
      slice.deltas.put(index, delta);
      comparisons++;
      requests.add(delta.compare());
      return;
    }
    if (old != null && old.content != null) {
      System.arraycopy(
          old.content, 0, assembly.bytes, 0, Math.min(old.content.length, assembly.bytes.length));
    }
    slice.assemblies.put(index, assembly);
    requests.add(wantSegment(number, index, assembly, old != null));
  }

  private WantSegment wantSegment(long number, int index, Assembly assembly, boolean withBasis) {
    segments++;
    long offset =
        assembly.next / ContentMessage.SEGMENT_BYTES_MAX * ContentMessage.SEGMENT_BYTES_MAX;
    int length = (int) Math.min(ContentMessage.SEGMENT_BYTES_MAX, assembly.bytes.length - offset);
    var basis = new ArrayList<Long>();
    for (int at = 0; withBasis && at < length; at += ContentMessage.STAGED_BLOCK_BYTES) {
      int block = Math.min(ContentMessage.STAGED_BLOCK_BYTES, length - at);
      ByteBuf wrapped = Unpooled.wrappedBuffer(assembly.bytes, (int) offset + at, block);
      basis.add(hash.hash64(wrapped, 0, block));
    }
    return new WantSegment(number, index, offset, length, basis);
  }

  private long fill(Slice slice, Node node, RecordReader reader, ByteBuf bytes) {
    contentRecords++;
    node.busy = reader.settled() == Settled.BUSY;
    busyRecords += node.busy ? 1 : 0;
    byte[] content = new byte[(int) node.metadata().sizeBytes()];
    int from = reader.contentOffset();
    int end = 0;
    long total = 0;
    for (DataExtent extent : reader.extents()) {
      if (extent.offset() > end) {
        node.holes.add(new long[] {end, extent.offset()});
      }
      bytes.getBytes(from, content, extent.offset(), extent.length());
      from += extent.length();
      end = extent.offset() + extent.length();
      total += extent.length();
    }
    if (end < content.length) {
      node.holes.add(new long[] {end, content.length});
    }
    contentBytes += total;
    node.content = content;
    children(slice.directory).put(node.entry.requireName(), node);
    return total;
  }

  synchronized void contents(Contents contents) {
    Slice slice = require(contents.slice());
    var reader = new RecordReader(contents.records().bytes());
    while (reader.next()) {
      slice.asked--;
      if (reader.form() == Form.VANISHED || reader.form() == Form.UNREADABLE) {
        failures.add(reader.form() + " " + slice.names.get(reader.index()));
        continue;
      }
      var node = new Node(reader.entry());
      if (reader.form() == Form.NONE) {
        ask(contents.slice(), slice, reader.index(), node, null);
      } else {
        fill(slice, node, reader, contents.records().bytes());
      }
    }
    checkDone(contents.slice(), slice);
  }

  synchronized List<Message> segment(Segment segment) {
    Slice slice = require(segment.slice());
    Assembly assembly = slice.assemblies.get(segment.index());
    if (assembly == null) {
      throw new IllegalStateException("a segment that was not asked for");
    }
    if (segment.reading() != Reading.OK) {
      failures.add(segment.reading() + " " + slice.names.get(segment.index()));
      return finish(segment, slice, null);
    }
    apply(segment, assembly);
    boolean consistent =
        segment.version() == FileVersion.plain(assembly.node.entry.version())
            && (assembly.version == -1 || assembly.version == segment.version());
    assembly.version = consistent ? segment.version() : 0;
    if (assembly.next < assembly.bytes.length && segment.fileBytes() == assembly.bytes.length) {
      return List.of(wantSegment(segment.slice(), segment.index(), assembly, false));
    }
    if (assembly.version != FileVersion.plain(assembly.node.entry.version())) {
      assembly.node.busy = true;
      busyRecords++;
    }
    return finish(segment, slice, assembly);
  }

  synchronized List<Message> refine(RefineSegment refine) {
    refinements++;
    FakeDelta delta = requireNonNull(require(refine.slice()).deltas.get(refine.index()));
    return List.of(delta.refined(refine));
  }

  synchronized List<Message> delta(SegmentDelta message) {
    Slice slice = require(message.slice());
    Assembly assembly = requireNonNull(slice.assemblies.get(message.index()));
    FakeDelta delta = requireNonNull(slice.deltas.get(message.index()));
    deltaMessages++;
    if (message.reading() != Reading.OK) {
      failures.add(message.reading() + " " + slice.names.get(message.index()));
      finish(message.slice(), message.index(), slice, null);
      return List.of();
    }
    boolean done = delta.apply(message);
    if (message.part() == Part.MORE_FOLLOW) {
      return List.of();
    }
    boolean same = message.version() == FileVersion.plain(assembly.node.entry.version());
    assembly.node.busy |= !same || message.fileBytes() != assembly.bytes.length;
    if (!done) {
      comparisons++;
      return List.of(delta.compare());
    }
    System.arraycopy(delta.bytes, 0, assembly.bytes, 0, assembly.bytes.length);
    assembly.node.holes.addAll(delta.holes);
    matchedBytes += delta.matchedBytes;
    contentBytes += delta.literalBytes;
    busyRecords += assembly.node.busy ? 1 : 0;
    finish(message.slice(), message.index(), slice, assembly);
    return List.of();
  }

  private void apply(Segment segment, Assembly assembly) {
    long at = segment.offset();
    int from = 0;
    for (Run run : segment.runs()) {
      int length = (int) Math.min(run.length(), assembly.bytes.length - at);
      switch (run) {
        case Run.Data _ -> {
          segment.literals().bytes().getBytes(from, assembly.bytes, (int) at, length);
          from += length;
          contentBytes += length;
        }
        case Run.Hole _ -> {
          java.util.Arrays.fill(assembly.bytes, (int) at, (int) at + length, (byte) 0);
          assembly.node.holes.add(new long[] {at, at + length});
        }
        case Run.Match _ -> matchedBytes += length;
      }
      at += length;
    }
    assembly.next = Math.max(at, assembly.next);
    if (assembly.next % ContentMessage.SEGMENT_BYTES_MAX != 0
        && assembly.next < assembly.bytes.length
        && at - segment.offset() < ContentMessage.SEGMENT_BYTES_MAX) {
      assembly.next = assembly.bytes.length; // it shrank
    }
  }

  private List<Message> finish(Segment segment, Slice slice, @Nullable Assembly assembly) {
    finish(segment.slice(), segment.index(), slice, assembly);
    return List.of();
  }

  private void finish(long number, int index, Slice slice, @Nullable Assembly assembly) {
    slice.assemblies.remove(index);
    slice.deltas.remove(index);
    slice.asked--;
    if (assembly != null) {
      assembly.node.content = assembly.bytes;
      children(slice.directory).put(assembly.node.entry.requireName(), assembly.node);
      contentRecords++;
    }
    checkDone(number, slice);
  }

  synchronized void link(LinkGroup group) {
    linkGroups.add(group);
    Node first = node(group.first());
    for (TreePath other : group.others()) {
      Node node = node(other);
      if (first != null && node != null) {
        node.linkedTo = group.first();
        node.content = first.content;
      }
    }
  }

  private void checkDone(long number, Slice slice) {
    if (slice.listed && slice.asked == 0) {
      slices.remove(number);
      finished.add(number);
      done.add(number);
    }
  }

  private Slice require(long number) {
    Slice slice = slices.get(number);
    if (slice == null) {
      throw new IllegalStateException("slice %d is not open".formatted(number));
    }
    return slice;
  }

  // Telling

  synchronized List<Message> requests() {
    List<Message> taken = requests;
    requests = new ArrayList<>();
    return taken;
  }

  synchronized List<Long> takeDone() {
    List<Long> taken = done;
    done = new ArrayList<>();
    return taken;
  }

  synchronized int finishedSlices() {
    return finished.size();
  }

  synchronized int openSlices() {
    return slices.size();
  }

  synchronized long openEntries() {
    long sum = 0;
    for (Slice slice : slices.values()) {
      sum += Math.max(slice.entries, slice.names.size());
    }
    return sum;
  }

  synchronized Counters counters() {
    return new Counters(
        contentRecords, 0, 0, 0, 0, contentBytes, matchedBytes, busyRecords, 0, Deltas.NONE);
  }

  private Map<Name, Node> children(TreePath directory) {
    return directories.computeIfAbsent(directory, _ -> new HashMap<>());
  }

  synchronized @Nullable Node node(TreePath path) {
    return children(path.parent()).get(path.name());
  }

  synchronized @Nullable Node node(String path) {
    return node(TreePath.of(path));
  }

  synchronized @Nullable Entry self(TreePath directory) {
    return selves.get(directory);
  }

  /** All paths with what is there, directories as their own entries. */
  synchronized Map<TreePath, Node> everything() {
    var all = new TreeMap<TreePath, Node>();
    directories.forEach((directory, nodes) ->
        nodes.forEach((name, node) -> all.put(directory.resolve(name), node)));
    return all;
  }
}
