/**
 * The daemon on the source: keeps a session with each target, runs the passes that are asked for,
 * remembers their reports.
 *
 * <p>Start at {@link io.driftless.source.agent.SourceAgent}. One virtual thread for each target and
 * one for each volume; what they share is immutable or guarded by the object that owns it. This
 * package knows sessions and passes; it does not know files.
 */
@NullMarked
package io.driftless.source.agent;

import org.jspecify.annotations.NullMarked;
