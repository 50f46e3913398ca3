/**
 * The daemon on the target: listens, lets agents in, opens volumes for them, fences old sessions.
 *
 * <p>Start at {@link io.driftless.target.agent.TargetAgent}; a volume and whoever writes to it is a
 * {@link io.driftless.target.agent.VolumeHost}. What blocks runs on virtual threads, never on an
 * event loop. This package knows sessions and volumes; it does not know files.
 */
@NullMarked
package io.driftless.target.agent;

import org.jspecify.annotations.NullMarked;
