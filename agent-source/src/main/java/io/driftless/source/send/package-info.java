/**
 * Says to the target what the walk found, and answers what it asks.
 *
 * <p>Start at {@link io.driftless.source.send.OpenSlices}: the slices that were offered or listed
 * and that the target is not done with. {@link io.driftless.source.send.OfferBatch} and {@link
 * io.driftless.source.send.ListingWriter} speak about them, {@link
 * io.driftless.source.send.Answers} serves requests about them with threads of its own, so that
 * answers never wait for a window. What arrives from the peer is checked against what was offered
 * before anything is read; a {@link io.driftless.source.send.ViolationException} ends the
 * conversation. Writers are confined to one thread each, everything else is thread-safe. This
 * package doesn't know how a tree is walked.
 */
@NullMarked
package io.driftless.source.send;

import org.jspecify.annotations.NullMarked;
