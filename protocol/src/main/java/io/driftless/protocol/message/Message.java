package io.driftless.protocol.message;

/**
 * Whatever one agent says to the other.
 *
 * <p>Split by the conversation that a message belongs to. The codes and limits of each stand in
 * {@code protocol.wire}, the order in which they may be said in {@code protocol/README.md}.
 */
public sealed interface Message
    permits SessionMessage,
        EnrolmentMessage,
        VolumeMessage,
        PassMessage,
        ContentMessage,
        LinkMessage,
        DeletionMessage,
        ComparisonMessage,
        LookMessage {}
