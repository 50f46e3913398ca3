package io.driftless.source.session;

import io.driftless.protocol.message.ComparisonMessage.Difference;

/**
 * A difference as the agent keeps it.
 *
 * @param number by which a list is gone on with, see {@link SourceControl#differences}
 */
public record NumberedDifference(long number, Difference difference) {}
