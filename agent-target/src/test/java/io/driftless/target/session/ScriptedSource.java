package io.driftless.target.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;

import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.NewSegment;
import io.driftless.protocol.delta.Pursuit;
import io.driftless.protocol.delta.Question;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.Stretch;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.ContentMessage.WantUnlessSame;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.message.PassMessage.WalkApplied;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.RecordReader.DataExtent;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A source that plays a pass about a tree in memory, and the conversation by which a target hears
 * it. The thread that calls {@link #pass} is the source's only one and takes the place of the
 * target's event loop.
 */
final class ScriptedSource implements Conversation {
  private static final int SLICES_OPEN_MAX = 2500;
  private static final int PIECE_BYTES = 256 * 1024;
  static final long SEED = 0x5EED;
  private static final Question.Refined NO_ANSWER =
      new Question.Refined(List.of(), Optional.empty());

  private final BlockingQueue<Message> heard = new LinkedBlockingQueue<>();
  private final List<Message> log = new ArrayList<>();
  private final SeededHash hash = new SeededHash(SEED);
  private @Nullable ConversationListener listener;
  private volatile @Nullable SessionEnd end;

  MemoryTree tree = new MemoryTree();
  int recordsInPart = 1000;

  /** How many bits of the names' hashes cut a directory into slices. */
  int scopeBits;

  boolean holes;
  Deletes deletes = Deletes.GUARDED;
  Excluded excluded = Excluded.PROTECTED;
  Compare compare = Compare.METADATA;
  Effect effect = Effect.APPLY;

  /** May alter what files are said to hold. */
  Zeros zeros = Zeros.HASHED;

  UnaryOperator<Examination> examinations = UnaryOperator.identity();

  /** How many messages of differences are let wait before they are taken up. */
  int differencesAtOnce = 1;

  private int differencesWaiting;

  /** How a walk comes upon the directories. */
  Function<List<TreePath>, List<List<TreePath>>> order = List::of;

  Runnable betweenOffers = () -> {};

  /** Answers what is asked before something is deleted. */
  Function<ConfirmAbsent, Absences> absences = this::look;

  /** May alter a segment before it is sent. */
  UnaryOperator<Segment> segments = UnaryOperator.identity();

  /** May alter a delta before it is sent. */
  UnaryOperator<SegmentDelta> deltas = UnaryOperator.identity();

  /** Runs of a delta that go in one message. */
  int runsInPart = 1000;

  private final Map<TreePath, Pursuit> pursuits = new HashMap<>();
  private final Map<String, NewSegment> refining = new HashMap<>();

  private final Map<Long, List<TreePath>> slices = new HashMap<>();
  private final Map<Long, Scope> scopes = new HashMap<>();
  private final Set<Long> open = new HashSet<>();
  private final Set<Long> parked = new HashSet<>();
  private long slice;

  void connect(ConversationListener target) {
    listener = target;
  }

  private ConversationListener listener() {
    if (listener == null) {
      throw new IllegalStateException("not connected");
    }
    return listener;
  }

  /** Everything that the target said so far. */
  List<Message> log() {
    return log;
  }

  <T extends Message> List<T> said(Class<T> type) {
    return log.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<Problem> problems() {
    return said(Problems.class).stream().flatMap(sent -> sent.problems().stream()).toList();
  }

  List<String> reasons() {
    return problems().stream().map(problem -> problem.path() + " " + problem.reason()).toList();
  }

  @Nullable SessionEnd end() {
    return end;
  }

  /** Plays a whole pass. */
  PassResult pass() throws InterruptedException {
    begin();
    walk();
    sendLinks();
    return await(PassResult.class);
  }

  void begin() throws InterruptedException {
    log.clear();
    slices.clear();
    parked.clear();
    open.clear();
    slice = 0;
    say(
        new BeginPass(
            1, compare, effect, deletes, Long.MAX_VALUE, excluded, Course.TREE, TreePath.ROOT));
    await(PassBegun.class);
  }

  void walk() throws InterruptedException {
    for (List<TreePath> directories : order.apply(tree.directories())) {
      offer(directories);
      betweenOffers.run();
    }
    say(new EndOfWalk(slice, 0, 0, 0));
    await(WalkApplied.class);
  }

  private void revisit(Revisit later) throws InterruptedException {
    for (Verdict verdict : later.verdicts()) {
      TreePath top = requireNonNull(slices.get(verdict.slice())).getLast();
      if (!parked.remove(verdict.slice())) {
        throw new IllegalStateException("back to slice %d".formatted(verdict.slice()));
      }
      List<TreePath> below =
          tree.directories().stream().filter(path -> path.startsWith(top)).toList();
      if (verdict.finding() == Finding.DIFFERS) {
        offer(below);
      } else {
        for (TreePath directory : below) {
          long number = offer(directory, Scope.ALL).slice();
          open.add(number);
          list(number, true);
        }
      }
    }
    say(new EndOfWalk(slice, 0, 0, 0));
  }

  private void offer(List<TreePath> directories) throws InterruptedException {
    List<Offer> offers = new ArrayList<>();
    for (TreePath directory : directories) {
      for (int prefix = 0; prefix < 1 << scopeBits; prefix++) {
        offers.add(offer(directory, new Scope(scopeBits, prefix)));
      }
    }
    for (int from = 0; from < offers.size(); from += 500) {
      int to = Math.min(offers.size(), from + 500);
      say(new Offers(List.copyOf(offers.subList(from, to))));
      int judged = 0;
      while (judged < to - from) {
        judged += judged(await(Verdicts.class));
      }
      while (open.size() > SLICES_OPEN_MAX) { // some wait for the end of the walk
        handle(next());
      }
    }
  }

  private int judged(Verdicts verdicts) {
    for (var verdict : verdicts.verdicts()) {
      if (verdict.finding() == Finding.LATER) {
        parked.add(verdict.slice());
      } else if (verdict.finding() != Finding.EQUAL) {
        open.add(verdict.slice());
        list(verdict.slice(), verdict.finding() == Finding.ABSENT);
      }
    }
    return verdicts.verdicts().size();
  }

  private Offer offer(TreePath directory, Scope scope) {
    List<TreePath> children =
        tree.children(directory).stream()
            .filter(child -> scope.contains(hash.hash64(child.name())))
            .toList();
    long number = ++slice;
    scopes.put(number, scope);
    List<TreePath> named = new ArrayList<>(children);
    named.add(directory);
    slices.put(number, named);
    var digest = new SliceDigest(hash);
    Digest sum = scope.holdsDirectoryItself() ? digest.of(tree.self(directory)) : Digest.EMPTY;
    for (TreePath child : children) {
      sum = sum.plus(digest.of(tree.listed(child)));
    }
    return new Offer(number, number, directory, scope, children.size(), sum, 0);
  }

  private void list(long number, boolean inline) {
    List<TreePath> named = requireNonNull(slices.get(number));
    TreePath directory = named.getLast();
    List<TreePath> children = named.subList(0, named.size() - 1);
    Scope scope = requireNonNull(scopes.get(number));
    SliceHead head = new SliceHead(number, directory, scope);
    int index = 0;
    do {
      ByteBuf out = allocator().directBuffer();
      var writer = new RecordWriter(out);
      if (index == 0 && scope.holdsDirectoryItself()) {
        writer.entry(-1, tree.self(directory), Settled.STABLE);
      }
      int first = index;
      while (index < children.size()
          && index < first + recordsInPart
          && out.writerIndex() < 1 << 20) {
        record(writer, out, index, children.get(index), inline);
        index++;
      }
      Part part = index == children.size() ? Part.LAST : Part.MORE_FOLLOW;
      say(new Listing(number, head, first, part, Completeness.COMPLETE, pack(out)));
      head = null;
    } while (index < children.size());
  }

  void record(RecordWriter writer, ByteBuf out, int index, TreePath path, boolean inline) {
    Entry entry = tree.listed(path);
    MemoryTree.Node node = tree.node(path);
    Settled settled = node.busy() ? Settled.BUSY : Settled.STABLE;
    boolean small = node.content().length <= ContentMessage.INLINE_BYTES_MAX;
    if (!inline || entry.kind() != Kind.REGULAR || entry.linkRole() == LinkRole.LATER || !small) {
      writer.entry(index, entry, settled);
      return;
    }
    List<DataExtent> extents = holes ? extents(node.content()) : List.of();
    if (extents.isEmpty()) {
      writer.whole(index, entry, settled);
      out.writeBytes(node.content());
      return;
    }
    writer.sparse(index, entry, settled, extents);
    for (DataExtent extent : extents) {
      out.writeBytes(node.content(), extent.offset(), extent.length());
    }
  }

  /** Pages that aren't all zero. */
  private static List<DataExtent> extents(byte[] content) {
    var extents = new ArrayList<DataExtent>();
    for (int at = 0; at < content.length; at += 4096) {
      int length = Math.min(4096, content.length - at);
      for (int i = at; i < at + length; i++) {
        if (content[i] != 0) {
          extents.add(new DataExtent(at, length));
          break;
        }
      }
    }
    return extents;
  }

  void sendLinks() {
    Map<Long, List<TreePath>> groups = new HashMap<>();
    for (TreePath path : tree.nodes().keySet()) {
      long group = tree.node(path).group();
      if (group != 0) {
        groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(path);
      }
    }
    long number = 0;
    for (List<TreePath> names : groups.values()) {
      say(new LinkGroup(++number, names.getFirst(), names.subList(1, names.size())));
    }
    say(new EndOfLinks(number));
  }

  /** Says something to the target. */
  void say(Message message) {
    listener().received(message);
  }

  private Message next() throws InterruptedException {
    Message message = heard.poll(30, TimeUnit.SECONDS);
    if (message == null) {
      throw new IllegalStateException("silence after " + log);
    }
    log.add(message);
    return message;
  }

  /** Answers what the target asks until it says something of this type. */
  <T extends Message> T await(Class<T> type) throws InterruptedException {
    while (true) {
      Message message = next();
      if (type.isInstance(message)) {
        return type.cast(message);
      }
      if (message instanceof PassResult result) {
        throw new IllegalStateException("the pass ended with " + result);
      }
      handle(message);
    }
  }

  private void handle(Message message) throws InterruptedException {
    switch (message) {
      case Want(long number, List<Integer> indices) -> {
        ByteBuf out = allocator().directBuffer();
        var writer = new RecordWriter(out);
        for (int index : indices) {
          record(writer, out, index, requireNonNull(slices.get(number)).get(index), true);
        }
        say(new Contents(number, pack(out)));
      }
      case WantUnlessSame(long number, List<Held> held) -> {
        ByteBuf out = allocator().directBuffer();
        var writer = new RecordWriter(out);
        for (Held each : held) {
          TreePath path = requireNonNull(slices.get(number)).get(each.index());
          if (isSame(tree.node(path).content(), each)) {
            writer.same(each.index(), tree.listed(path));
          } else {
            record(writer, out, each.index(), path, true);
          }
        }
        say(new Contents(number, pack(out)));
      }
      case WantSegment want -> say(segments.apply(segment(want)));
      case CompareSegment compare -> compared(compare);
      case RefinedSegment refined -> refined(refined);
      case Examine examine -> say(examined(examine));
      case Differences _ -> takeDifferences();
      case Revisit later -> revisit(later);
      case SlicesDone done -> done.slices().forEach(open::remove);
      case ConfirmAbsent question -> say(absences.apply(question));
      case PassResult result -> throw new IllegalStateException("ended with " + result);
      default -> {}
    }
  }

  /** As the real source compares: see ContentHash. */
  private boolean isSame(byte[] content, Held held) {
    Digest digest = Digest.EMPTY;
    for (int at = 0; at < content.length; at += PIECE_BYTES) {
      int length = Math.min(PIECE_BYTES, content.length - at);
      ByteBuffer piece = ByteBuffer.allocate(2 * Long.BYTES + length);
      piece.putLong(digest.high()).putLong(digest.low()).put(content, at, length);
      digest = hash.hash128(MemorySegment.ofArray(piece.array()), 0, piece.capacity());
    }
    return content.length == held.bytes() && digest.equals(held.content());
  }

  private void takeDifferences() {
    if (++differencesWaiting < differencesAtOnce) {
      return;
    }
    if (differencesWaiting == Differences.OUTSTANDING_MAX
        && heard.stream().anyMatch(Differences.class::isInstance)) {
      throw new IllegalStateException("more differences than may be outstanding");
    }
    for (; differencesWaiting > 0; differencesWaiting--) {
      say(new DifferencesTaken());
    }
  }

  private Examined examined(Examine examine) {
    var all = new ArrayList<Examination>();
    for (int index : examine.indices()) {
      MemoryTree.Node node = nodeOf(examine.slice(), index);
      all.add(
          examinations.apply(
              new Examination(
                  index,
                  Reading.OK,
                  node.version(),
                  node.content().length,
                  dense(node.content().length, examine.blockBytes()),
                  compare == Compare.CONTENT
                      ? Optional.of(new ContentSum(zeros, sha(hashed(node.content()))))
                      : Optional.empty())));
    }
    return new Examined(examine.slice(), all);
  }

  private byte[] hashed(byte[] content) {
    if (zeros == Zeros.HASHED) {
      return content;
    }
    var blocks = new ByteArrayOutputStream();
    for (int from = 0; from < content.length; from += 4096) {
      byte[] block = Arrays.copyOfRange(content, from, Math.min(content.length, from + 4096));
      if (!Arrays.equals(block, new byte[block.length])) {
        blocks.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(from).array());
        blocks.writeBytes(block);
      }
    }
    return blocks.toByteArray();
  }

  private DataLayout dense(long length, int blockBytes) {
    if (length == 0) {
      return DataLayout.NONE;
    }
    long end = (length + blockBytes - 1) / blockBytes * blockBytes;
    MemorySegment pair = MemorySegment.ofArray(new long[] {0, end});
    return new DataLayout(1, end, hash.hash128(pair, 0, pair.byteSize()));
  }

  private static Sha256 sha(byte[] content) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In what entries differ, as the target told it: path and trait. */
  List<String> differences() {
    return said(Differences.class).stream()
        .flatMap(sent -> sent.differences().stream())
        .map(each -> each.path() + " " + each.trait().name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  private Absences look(ConfirmAbsent question) {
    var absent = new ArrayList<Integer>();
    for (int i = 0; i < question.names().size(); i++) {
      TreePath path = question.directory().resolve(question.names().get(i));
      if (!tree.nodes().containsKey(path)) {
        absent.add(i);
      }
    }
    return new Absences(question.question(), absent);
  }

  private Segment segment(WantSegment want) {
    MemoryTree.Node node = tree.node(requireNonNull(slices.get(want.slice())).get(want.index()));
    byte[] content = node.content();
    ByteBuf literals = allocator().directBuffer();
    var runs = new ArrayList<Run>();
    int end = (int) Math.min(content.length, want.offset() + want.length());
    int block = 0;
    for (int at = (int) want.offset(); at < end; at += ContentMessage.STAGED_BLOCK_BYTES) {
      int length = Math.min(ContentMessage.STAGED_BLOCK_BYTES, end - at);
      ByteBuf bytes = Unpooled.wrappedBuffer(content, at, length);
      boolean match =
          block < want.basis().size() && want.basis().get(block) == hash.hash64(bytes, 0, length);
      if (match) {
        runs.add(new Run.Match(length));
      } else if (holes && isZero(content, at, length)) {
        runs.add(new Run.Hole(length));
      } else {
        runs.add(new Run.Data(length));
        literals.writeBytes(bytes);
      }
      block++;
    }
    return new Segment(
        want.slice(),
        want.index(),
        want.offset(),
        Reading.OK,
        "",
        node.version(),
        content.length,
        runs,
        pack(literals));
  }

  private void compared(CompareSegment compare) {
    MemoryTree.Node node = nodeOf(compare.slice(), compare.index());
    TreePath path = requireNonNull(slices.get(compare.slice())).get(compare.index());
    Pursuit pursuit = pursuits.computeIfAbsent(path, _ -> new Pursuit());
    var segment = new NewSegment(compare.question(), node.content().length, hash::hash128, pursuit);
    Range range = segment.toCompare();
    MemorySegment content = MemorySegment.ofArray(node.content());
    segment.compare(range.from(), content.asSlice(range.from(), range.length()));
    long offset = compare.question().segment().from();
    Question.Refine refine = segment.refine();
    if (refine.isEmpty()) {
      encode(compare.slice(), compare.index(), offset, segment, NO_ANSWER);
    } else {
      refining.put(compare.slice() + " " + compare.index() + " " + offset, segment);
      say(new RefineSegment(compare.slice(), compare.index(), offset, refine));
    }
  }

  private void refined(RefinedSegment refined) {
    String key = refined.slice() + " " + refined.index() + " " + refined.offset();
    NewSegment segment = requireNonNull(refining.remove(key));
    encode(refined.slice(), refined.index(), refined.offset(), segment, refined.answer());
  }

  private MemoryTree.Node nodeOf(long number, int index) {
    return tree.node(requireNonNull(slices.get(number)).get(index));
  }

  private void encode(
      long number, int index, long offset, NewSegment segment, Question.Refined answer) {
    MemoryTree.Node node = nodeOf(number, index);
    ByteBuf literals = allocator().directBuffer();
    try {
      ByteBuf into = literals;
      segment.begin(answer, bytes -> into.writeBytes(bytes.toArray(JAVA_BYTE)));
    } catch (DeltaException e) {
      throw new IllegalStateException(e);
    }
    while (segment.wanted().isPresent()) {
      Range wanted = segment.wanted().get();
      segment.feed(
          MemorySegment.ofArray(node.content()).asSlice(wanted.from(), wanted.length()),
          Stretch.GOES_ON);
    }
    Delta delta = segment.finish();
    List<io.driftless.protocol.delta.Run> runs = delta.runs();
    long from = delta.covered().from();
    for (int at = 0; at == 0 || at < runs.size(); at += runsInPart) {
      var some = runs.subList(at, Math.min(runs.size(), at + runsInPart));
      boolean last = at + runsInPart >= runs.size();
      long length = some.stream().mapToLong(io.driftless.protocol.delta.Run::length).sum();
      long literal =
          some.stream()
              .filter(io.driftless.protocol.delta.Run.Literal.class::isInstance)
              .mapToLong(io.driftless.protocol.delta.Run::length)
              .sum();
      var part =
          new SegmentDelta(
              number,
              index,
              offset,
              Reading.OK,
              "",
              last ? Part.LAST : Part.MORE_FOLLOW,
              node.version(),
              node.content().length,
              0,
              new Delta(new Range(from, length), some, last ? delta.digest() : Digest.EMPTY),
              pack(allocator().directBuffer().writeBytes(literals, (int) literal)));
      from += length;
      say(deltas.apply(part));
    }
    literals.release();
  }

  private static boolean isZero(byte[] content, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void send(Message message) {
    heard.add(message);
  }

  @Override
  public void sendContent(ContentMessage message, long affinity) {
    throw new IllegalStateException("a target sends no content");
  }

  @Override
  public Packed pack(ByteBuf plain) {
    int length = plain.readableBytes();
    return new Packed(Packing.PLAIN, length, 0, plain);
  }

  @Override
  public ByteBuf unpack(Packed packed) {
    return packed.bytes();
  }

  @Override
  public ByteBufAllocator allocator() {
    return PooledByteBufAllocator.DEFAULT;
  }

  @Override
  public Session session() {
    throw new IllegalStateException("no session behind a script");
  }

  @Override
  public void end(SessionEnd reason) {
    end = reason;
  }
}
