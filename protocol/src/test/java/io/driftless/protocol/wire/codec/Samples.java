package io.driftless.protocol.wire.codec;

import io.driftless.protocol.delta.BlockHashes;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.Question;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
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
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.EnrolmentMessage.Challenge;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.NotIssued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.LinkMessage.LinkGroupsDone;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Look;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.LookMessage.Presence;
import io.driftless.protocol.message.LookMessage.Treatment;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Acknowledged;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Notices;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.message.PassMessage.WalkApplied;
import io.driftless.protocol.message.SessionMessage.Allowance;
import io.driftless.protocol.message.SessionMessage.EndOfChain;
import io.driftless.protocol.message.SessionMessage.EndOfLane;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.message.SessionMessage.Ping;
import io.driftless.protocol.message.SessionMessage.Pong;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.ReplaceLane;
import io.driftless.protocol.message.SessionMessage.Welcome;
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
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One message of each type, with nothing in it left at zero that needn't be. */
final class Samples {
  private Samples() {}

  /** A message of the type; the caller releases it. */
  static Message of(MessageType type) {
    return switch (type) {
      case HELLO ->
          new Hello(
              1,
              2,
              "1.2",
              "JDK",
              new UUID(3, 4),
              new UUID(5, 6),
              LaneKind.DATA,
              7,
              300,
              Instant.ofEpochSecond(8, 9));
      case WELCOME -> new Welcome(1, "1.2", "BORINGSSL", "new", Instant.ofEpochSecond(-1, 5));
      case REFUSED -> new Refused("slug", "what ü", "next");
      case PING -> new Ping(-2);
      case PONG -> new Pong(3);
      case END_OF_LANE -> new EndOfLane();
      case END_OF_CHAIN -> new EndOfChain();
      case REPLACE_LANE -> new ReplaceLane(LaneKind.DATA, 3, 200);
      case ALLOWANCE -> new Allowance(2_500_000);
      case CHALLENGE -> new Challenge(Bytes.of("nonce"));
      case ENROL ->
          new Enrol(Bytes.of("id"), Bytes.of("proof"), Bytes.of("csr"), List.of("www", "db"));
      case ISSUED -> new Issued(Bytes.of("leaf"), Bytes.of("ca"));
      case RENEW -> new Renew(Bytes.of("csr"));
      case NOT_ISSUED -> new NotIssued("slug", "what", "next");
      case OPEN_VOLUME ->
          new OpenVolume(
              "www",
              Role.TARGET,
              VolumeKind.BLOCK_DEVICE,
              Access.READ,
              5,
              new RootIdentity(new UUID(1, 2), 3, 4),
              Owners.BY_NAME,
              List.of("*.swp", "/cache/"));
      case VOLUME_OPENED ->
          new VolumeOpened(
              5,
              VolumeState.RELEASED,
              -6,
              new Windows(1000, 70000, 1 << 24, 8),
              Standing.SEEDED,
              new Room(1L << 40, 9));
      case BLOCKED -> new Blocked("no room", 300, 2);
      case UNBLOCKED -> new Unblocked();
      case QUEUED -> new Queued(3);
      case OWNER_NAMES ->
          new OwnerNames(
              List.of(
                  new OwnerName(OwnerKind.USER, 33, "www-data"),
                  new OwnerName(OwnerKind.GROUP, -2, "ü")));
      case CLOSE_VOLUME -> new CloseVolume("slug", "what", "next");
      case BEGIN_PASS ->
          new BeginPass(
              3,
              Compare.CONTENT,
              Effect.DRY_RUN,
              Deletes.ALLOWED,
              400,
              Excluded.DELETED,
              Course.TREE,
              TreePath.of("a/b"));
      case PASS_BEGUN -> new PassBegun(3, Proof.RECORD);
      case OFFERS ->
          new Offers(
              List.of(
                  new Offer(500, 77, TreePath.ROOT, Scope.ALL, 3, new Digest(1, 2), -6),
                  new Offer(
                      501, 78, TreePath.of("srv/www"), new Scope(2, 3), 9, new Digest(-1, 4), 0),
                  new Offer(
                      502,
                      79,
                      TreePath.of("srv/wiki/x"),
                      Scope.ALL,
                      1,
                      new Digest(5, 1L << 40),
                      8)));
      case VERDICTS ->
          new Verdicts(
              List.of(
                  new Verdict(500, Finding.DIFFERS),
                  new Verdict(502, Finding.ABSENT),
                  new Verdict(501, Finding.EQUAL)));
      case SLICES_DONE -> new SlicesDone(List.of(7L, 9L, 8L));
      case STAGED -> new Staged(1L << 33);
      case ACKNOWLEDGED -> new Acknowledged(2, 300, 1 << 20);
      case END_OF_WALK -> new EndOfWalk(1, 2, 1, 3);
      case WALK_APPLIED -> new WalkApplied();
      case REVISIT ->
          new Revisit(List.of(new Verdict(500, Finding.DIFFERS), new Verdict(502, Finding.ABSENT)));
      case PROBLEMS ->
          new Problems(List.of(new Problem(TreePath.of("a/b"), "io", "read"), problem("a/c")));
      case NOTICES -> new Notices(List.of(new Notice("mount", "a mount point")));
      case CANCEL_PASS -> new CancelPass();
      case PASS_RESULT ->
          new PassResult(
              Outcome.CANCELLED,
              new Counters(1, 2, 3, 4, 5, 6, 7, 8, 900, new Deltas(9, 10, 11, 300)),
              "slug",
              "what",
              "next",
              List.of(TreePath.of("a/b"), TreePath.of("a/c")));
      case LISTING ->
          new Listing(
              12,
              new SliceHead(13, TreePath.of("srv"), new Scope(1, 1)),
              14,
              Part.LAST,
              Completeness.COMPLETE,
              packed(Packing.ZSTD, 1000));
      case WANT -> new Want(12, List.of(3, 4, 9));
      case WANT_UNLESS_SAME ->
          new WantUnlessSame(
              12,
              List.of(
                  new Held(3, 700, new Digest(1, 2)),
                  new Held(9, Held.BYTES_MAX, new Digest(-1, 1L << 40))));
      case CONTENTS -> new Contents(12, packed(Packing.PLAIN, 4));
      case WANT_SEGMENT -> new WantSegment(12, 1, 3 << 20, 1 << 20, List.of(1L, -1L));
      case SEGMENT ->
          new Segment(
              12,
              1,
              3 << 20,
              Reading.OK,
              "",
              55,
              1L << 32,
              List.of(new Run.Match(65536), new Run.Data(4), new Run.Hole(1L << 31)),
              packed(Packing.PLAIN, 4));
      case LINK_GROUP ->
          new LinkGroup(4, TreePath.of("a/one"), List.of(TreePath.of("a/other"), TreePath.of("b")));
      case LINK_GROUPS_DONE -> new LinkGroupsDone(List.of(4L, 5L));
      case END_OF_LINKS -> new EndOfLinks(5);
      case CONFIRM_ABSENT ->
          new ConfirmAbsent(6, TreePath.of("srv"), List.of(Name.of("a"), Name.of("bc")));
      case ABSENCES -> new Absences(6, List.of(0, 3));
      case MISSING -> new Missing(List.of(TreePath.of("srv/a"), TreePath.of("srv/b/c")));
      case COMPARE_SEGMENT ->
          new CompareSegment(
              12,
              1,
              new Question.Compare(
                  new Range(3 << 20, 20_000), -1000, 5 << 20, hashes((3 << 20) + 1000, 10_000)));
      case REFINE_SEGMENT ->
          new RefineSegment(
              12,
              1,
              3 << 20,
              new Question.Refine(
                  List.of(new Range(8, 4096)),
                  Optional.of(new Question.Window(new Range(8, 10_000), BlockSize.LEAF))));
      case REFINED_SEGMENT ->
          new RefinedSegment(
              12,
              1,
              3 << 20,
              new Question.Refined(
                  List.of(hashes(8, 4096)),
                  Optional.of(new RollingSignature(hashes(8, 4097), new int[] {-1, 7}))));
      case SEGMENT_DELTA -> delta();
      case EXAMINE -> new Examine(12, 1 << 16, List.of(3, 4, 9));
      case EXAMINED -> new Examined(12, List.of(examination(), vanished()));
      case DIFFERENCES ->
          new Differences(
              List.of(
                  new Difference(
                      TreePath.of("a/b"),
                      Kind.REGULAR,
                      Trait.MODE,
                      Left.CHANGED_SINCE,
                      "0644",
                      "0600"),
                  new Difference(
                      TreePath.of("a/c"), Kind.SOCKET, Trait.BUSY, Left.UNTOUCHED, "", "ü")));
      case DIFFERENCES_TAKEN -> new DifferencesTaken();
      case GONE_THROUGH -> new GoneThrough(1L << 40);
      case LOOK -> new Look(TreePath.of("a/b"), Optional.of(linked()), Compare.CONTENT);
      case LOOKED ->
          new Looked(
              Presence.PRESENT,
              Optional.of(Kind.SYMLINK),
              Treatment.EXCLUDED,
              Left.CHANGED_SINCE,
              List.of(new Aspect(Trait.MODE, Likeness.OTHER, "0644", "0600")),
              Optional.of(new Sha256(1, -2, 3, -4)),
              "ü");
    };
  }

  private static Examination examination() {
    return new Examination(
        3,
        Reading.OK,
        55,
        1L << 32,
        new DataLayout(2, 1 << 17, new Digest(6, -7)),
        Optional.of(new ContentSum(ContentSum.Zeros.HASHED, new Sha256(1, -2, 3, -4))));
  }

  private static Entry linked() {
    return new Entry(
        Name.of("b"),
        new Metadata(
            Kind.SYMLINK,
            0777,
            7,
            -8,
            new Timestamp(1, 2),
            new Timestamp(3, 4),
            0,
            0,
            0,
            Bytes.of("to"),
            List.of(new Attribute(Bytes.of("user.a"), Bytes.of("1")))),
        LinkRole.ONLY,
        55);
  }

  private static Examination vanished() {
    return new Examination(4, Reading.VANISHED, 0, 0, DataLayout.NONE, Optional.empty());
  }

  private static SegmentDelta delta() {
    List<io.driftless.protocol.delta.Run> runs =
        List.of(
            new io.driftless.protocol.delta.Run.Match(1L << 32, 65536),
            new io.driftless.protocol.delta.Run.Literal(4),
            new io.driftless.protocol.delta.Run.Hole(4096));
    return new SegmentDelta(
        12,
        1,
        3 << 20,
        Reading.OK,
        "",
        Part.LAST,
        55,
        1L << 32,
        5 << 20,
        new Delta(new Range(3 << 20, 65536 + 4 + 4096), runs, new Digest(6, -7)),
        packed(Packing.PLAIN, 4));
  }

  private static BlockHashes hashes(long from, int length) {
    long[] hashes = new long[BlockSize.LEAF.count(length)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = -i - 2;
    }
    return new BlockHashes(new Range(from, length), BlockSize.LEAF, hashes);
  }

  private static Problem problem(String path) {
    return new Problem(TreePath.of(path), "gone", "");
  }

  private static Packed packed(Packing packing, int plainBytes) {
    return new Packed(packing, plainBytes, 0x11223344, Unpooled.buffer(4).writeInt(0xCAFE));
  }

  /** The whole frame of a message, packed bytes included; the message stays the caller's. */
  static ByteBuf frame(Message message, int stream) {
    ByteBuf out = Unpooled.buffer();
    MessageCodec.encode(message, stream, out);
    Packed packed = MessageCodec.packedOf(message);
    if (packed != null) {
      out.writeBytes(packed.bytes(), packed.bytes().readerIndex(), packed.bytes().readableBytes());
    }
    return out;
  }

  static int streamOf(MessageType type) {
    return type.isOfSession() ? 0 : 9;
  }
}
