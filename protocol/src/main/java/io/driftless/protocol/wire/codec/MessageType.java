package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.ComparisonMessage;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.DeletionMessage;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.EnrolmentMessage;
import io.driftless.protocol.message.LinkMessage;
import io.driftless.protocol.message.LookMessage;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage;
import io.driftless.protocol.message.SessionMessage;
import io.driftless.protocol.message.VolumeMessage;
import io.driftless.protocol.tree.EntryCodec;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * The code of each message on the wire, and the greatest payload that it may have.
 *
 * <p>Codes are never reused. The upper byte is the family; {@code protocol/README.md} lists the
 * families that are set aside for what comes later.
 */
public enum MessageType {
  // Hello and Refused keep code and layout in every version: they are how versions meet.
  HELLO(0x0001, Limit.OPENING, Lanes.ANY),
  WELCOME(0x0002, Limit.OPENING, Lanes.ANY),
  REFUSED(0x0003, Limit.OPENING, Lanes.ANY),
  PING(0x0004, Limit.TINY, Lanes.CONTROL),
  PONG(0x0005, Limit.TINY, Lanes.CONTROL),
  END_OF_LANE(0x0006, Limit.TINY, Lanes.ANY),
  REPLACE_LANE(0x0007, Limit.TINY, Lanes.CONTROL),
  ALLOWANCE(0x0008, Limit.TINY, Lanes.CONTROL),
  END_OF_CHAIN(0x0009, Limit.TINY, Lanes.DATA),

  CHALLENGE(0x0101, Limit.TINY, Lanes.CONTROL),
  ENROL(0x0102, Limit.ENROLMENT, Lanes.CONTROL),
  ISSUED(0x0103, Limit.ENROLMENT, Lanes.CONTROL),
  RENEW(0x0104, Limit.ENROLMENT, Lanes.CONTROL),
  NOT_ISSUED(0x0105, Limit.OPENING, Lanes.CONTROL),

  OPEN_VOLUME(0x0201, Limit.BATCH, Lanes.CONTROL),
  VOLUME_OPENED(0x0202, Limit.SMALL, Lanes.CONTROL),
  BLOCKED(0x0203, Limit.SMALL, Lanes.CONTROL),
  UNBLOCKED(0x0204, Limit.TINY, Lanes.CONTROL),
  OWNER_NAMES(0x0205, Limit.BATCH, Lanes.CONTROL),
  CLOSE_VOLUME(0x0206, Limit.OPENING, Lanes.CONTROL),
  QUEUED(0x0207, Limit.TINY, Lanes.CONTROL),

  BEGIN_PASS(0x0301, Limit.PATH, Lanes.CONTROL),
  PASS_BEGUN(0x0302, Limit.TINY, Lanes.CONTROL),
  OFFERS(0x0303, Limit.BATCH, Lanes.CONTROL),
  VERDICTS(0x0304, Limit.NUMBERS, Lanes.CONTROL),
  SLICES_DONE(0x0305, Limit.NUMBERS, Lanes.CONTROL),
  STAGED(0x0306, Limit.TINY, Lanes.CONTROL),
  ACKNOWLEDGED(0x0307, Limit.TINY, Lanes.CONTROL),
  END_OF_WALK(0x0308, Limit.TINY, Lanes.CONTROL),
  WALK_APPLIED(0x0309, Limit.TINY, Lanes.CONTROL),
  PROBLEMS(0x030A, Limit.BATCH, Lanes.CONTROL),
  NOTICES(0x030B, Limit.BATCH, Lanes.CONTROL),
  CANCEL_PASS(0x030C, Limit.TINY, Lanes.CONTROL),
  PASS_RESULT(0x030D, Limit.ENROLMENT, Lanes.CONTROL),
  REVISIT(0x030E, Limit.NUMBERS, Lanes.CONTROL),

  LISTING(0x0401, Limit.RECORDS, Lanes.DATA),
  WANT(0x0402, Limit.NUMBERS, Lanes.ANY),
  CONTENTS(0x0403, Limit.RECORDS, Lanes.DATA),
  WANT_SEGMENT(0x0404, Limit.SMALL, Lanes.ANY),
  SEGMENT(0x0405, Limit.RECORDS, Lanes.DATA),
  WANT_UNLESS_SAME(0x0406, Limit.NUMBERS, Lanes.ANY),

  LINK_GROUP(0x0501, Limit.BATCH, Lanes.CONTROL),
  LINK_GROUPS_DONE(0x0502, Limit.NUMBERS, Lanes.CONTROL),
  END_OF_LINKS(0x0503, Limit.TINY, Lanes.CONTROL),

  CONFIRM_ABSENT(0x0601, Limit.BATCH, Lanes.CONTROL),
  ABSENCES(0x0602, Limit.SMALL, Lanes.CONTROL),
  MISSING(0x0603, Limit.BATCH, Lanes.CONTROL),

  COMPARE_SEGMENT(0x0701, Limit.HASHES, Lanes.ANY),
  REFINE_SEGMENT(0x0702, Limit.NUMBERS, Lanes.ANY),
  REFINED_SEGMENT(0x0703, Limit.BATCH, Lanes.ANY),
  SEGMENT_DELTA(0x0704, Limit.RECORDS, Lanes.DATA),

  EXAMINE(0x0D01, Limit.SMALL, Lanes.CONTROL),
  EXAMINED(0x0D02, Limit.NUMBERS, Lanes.CONTROL),
  DIFFERENCES(0x0D03, Limit.BATCH, Lanes.CONTROL),
  DIFFERENCES_TAKEN(0x0D04, Limit.TINY, Lanes.CONTROL),
  GONE_THROUGH(0x0D05, Limit.TINY, Lanes.CONTROL),

  LOOK(0x0E01, Limit.ENTRY, Lanes.CONTROL),
  LOOKED(0x0E02, Limit.BATCH, Lanes.CONTROL);

  /** Which lanes may carry it. */
  enum Lanes {
    CONTROL,
    DATA,
    ANY
  }

  /** Payload limits in bytes. */
  static final class Limit {
    /** A few numbers. */
    static final int TINY = 128;

    /** Numbers and a text. */
    static final int SMALL = 8 * 1024;

    /** Numbers and up to three texts. */
    static final int OPENING = 16 * 1024;

    /** A path and numbers. */
    static final int PATH = 33 * 1024;

    /** Up to 4096 numbers. */
    static final int NUMBERS = 48 * 1024;

    /** Three things in DER, or one and the names of volumes; a result with some paths. */
    static final int ENROLMENT = 64 * 1024;

    /** The hashes of a segment's leaves. */
    static final int HASHES = 33 * 1024;

    /** Many paths or texts: what {@link Batches} splits by. */
    static final int BATCH = 1024 * 1024;

    /** A path and an entry. */
    static final int ENTRY = EntryCodec.MAX_CORE_BYTES + 64 * 1024;

    /** Packed records behind a path or the runs of a segment. */
    static final int RECORDS = ContentMessage.RECORDS_BYTES_MAX + 64 * 1024;

    private Limit() {}
  }

  private static final MessageType[] TYPES = values();

  private final int code;
  private final int payloadBytesMax;
  private final Lanes lanes;

  MessageType(int code, int payloadBytesMax, Lanes lanes) {
    this.code = code;
    this.payloadBytesMax = payloadBytesMax;
    this.lanes = lanes;
  }

  /**
   * The type with a code.
   *
   * @throws CorruptedFrameException if there is none
   */
  public static MessageType ofCode(int code) {
    for (MessageType type : TYPES) {
      if (type.code == code) {
        return type;
      }
    }
    throw new CorruptedFrameException("no message has the code %04x".formatted(code));
  }

  /** The type of a message. */
  public static MessageType of(Message message) {
    return switch (message) {
      case SessionMessage session -> ofSession(session);
      case EnrolmentMessage enrolment -> ofEnrolment(enrolment);
      case VolumeMessage volume -> ofVolume(volume);
      case PassMessage pass -> ofPass(pass);
      case ContentMessage content -> ofContent(content);
      case LinkMessage link -> ofLink(link);
      case DeletionMessage deletion -> ofDeletion(deletion);
      case ComparisonMessage comparison -> ofComparison(comparison);
      case LookMessage look -> ofLook(look);
    };
  }

  private static MessageType ofSession(SessionMessage message) {
    return switch (message) {
      case SessionMessage.Hello _ -> HELLO;
      case SessionMessage.Welcome _ -> WELCOME;
      case SessionMessage.Refused _ -> REFUSED;
      case SessionMessage.Ping _ -> PING;
      case SessionMessage.Pong _ -> PONG;
      case SessionMessage.EndOfLane _ -> END_OF_LANE;
      case SessionMessage.ReplaceLane _ -> REPLACE_LANE;
      case SessionMessage.Allowance _ -> ALLOWANCE;
      case SessionMessage.EndOfChain _ -> END_OF_CHAIN;
    };
  }

  private static MessageType ofEnrolment(EnrolmentMessage message) {
    return switch (message) {
      case EnrolmentMessage.Challenge _ -> CHALLENGE;
      case EnrolmentMessage.Enrol _ -> ENROL;
      case EnrolmentMessage.Issued _ -> ISSUED;
      case EnrolmentMessage.NotIssued _ -> NOT_ISSUED;
      case EnrolmentMessage.Renew _ -> RENEW;
    };
  }

  private static MessageType ofVolume(VolumeMessage message) {
    return switch (message) {
      case VolumeMessage.OpenVolume _ -> OPEN_VOLUME;
      case VolumeMessage.VolumeOpened _ -> VOLUME_OPENED;
      case VolumeMessage.Blocked _ -> BLOCKED;
      case VolumeMessage.Unblocked _ -> UNBLOCKED;
      case VolumeMessage.Queued _ -> QUEUED;
      case VolumeMessage.OwnerNames _ -> OWNER_NAMES;
      case VolumeMessage.CloseVolume _ -> CLOSE_VOLUME;
    };
  }

  private static MessageType ofPass(PassMessage message) {
    return switch (message) {
      case PassMessage.BeginPass _ -> BEGIN_PASS;
      case PassMessage.PassBegun _ -> PASS_BEGUN;
      case PassMessage.Offers _ -> OFFERS;
      case PassMessage.Verdicts _ -> VERDICTS;
      case PassMessage.SlicesDone _ -> SLICES_DONE;
      case PassMessage.Staged _ -> STAGED;
      case PassMessage.Acknowledged _ -> ACKNOWLEDGED;
      case PassMessage.EndOfWalk _ -> END_OF_WALK;
      case PassMessage.WalkApplied _ -> WALK_APPLIED;
      case PassMessage.Revisit _ -> REVISIT;
      case PassMessage.Problems _ -> PROBLEMS;
      case PassMessage.Notices _ -> NOTICES;
      case PassMessage.CancelPass _ -> CANCEL_PASS;
      case PassMessage.PassResult _ -> PASS_RESULT;
    };
  }

  private static MessageType ofContent(ContentMessage message) {
    return switch (message) {
      case ContentMessage.Listing _ -> LISTING;
      case ContentMessage.Want _ -> WANT;
      case ContentMessage.WantUnlessSame _ -> WANT_UNLESS_SAME;
      case ContentMessage.Contents _ -> CONTENTS;
      case ContentMessage.WantSegment _ -> WANT_SEGMENT;
      case ContentMessage.Segment _ -> SEGMENT;
      case DeltaMessage delta -> ofDelta(delta);
    };
  }

  private static MessageType ofDelta(DeltaMessage message) {
    return switch (message) {
      case DeltaMessage.CompareSegment _ -> COMPARE_SEGMENT;
      case DeltaMessage.RefineSegment _ -> REFINE_SEGMENT;
      case DeltaMessage.RefinedSegment _ -> REFINED_SEGMENT;
      case DeltaMessage.SegmentDelta _ -> SEGMENT_DELTA;
    };
  }

  private static MessageType ofLink(LinkMessage message) {
    return switch (message) {
      case LinkMessage.LinkGroup _ -> LINK_GROUP;
      case LinkMessage.LinkGroupsDone _ -> LINK_GROUPS_DONE;
      case LinkMessage.EndOfLinks _ -> END_OF_LINKS;
    };
  }

  private static MessageType ofDeletion(DeletionMessage message) {
    return switch (message) {
      case DeletionMessage.ConfirmAbsent _ -> CONFIRM_ABSENT;
      case DeletionMessage.Absences _ -> ABSENCES;
      case DeletionMessage.Missing _ -> MISSING;
    };
  }

  private static MessageType ofComparison(ComparisonMessage message) {
    return switch (message) {
      case ComparisonMessage.Examine _ -> EXAMINE;
      case ComparisonMessage.Examined _ -> EXAMINED;
      case ComparisonMessage.Differences _ -> DIFFERENCES;
      case ComparisonMessage.DifferencesTaken _ -> DIFFERENCES_TAKEN;
      case ComparisonMessage.GoneThrough _ -> GONE_THROUGH;
    };
  }

  private static MessageType ofLook(LookMessage message) {
    return switch (message) {
      case LookMessage.Look _ -> LOOK;
      case LookMessage.Looked _ -> LOOKED;
    };
  }

  public int code() {
    return code;
  }

  public int payloadBytesMax() {
    return payloadBytesMax;
  }

  /** Tells whether it belongs on stream 0. */
  public boolean isOfSession() {
    return code < 0x0200;
  }

  public boolean mayTravelOnControl() {
    return lanes != Lanes.DATA;
  }

  public boolean mayTravelOnData() {
    return lanes != Lanes.CONTROL;
  }

  /** Tells whether the end of the payload stays a part of the frame's buffer. */
  public boolean carriesRecords() {
    return payloadBytesMax == Limit.RECORDS;
  }
}
