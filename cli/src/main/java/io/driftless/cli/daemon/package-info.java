/**
 * What the command line needs of the agents: how they are set up, started and stopped.
 *
 * <p>Start at {@link io.driftless.cli.daemon.Agents}. These are seams: the composition of the
 * program fills them with the agents, tests with fakes.
 */
@NullMarked
package io.driftless.cli.daemon;

import org.jspecify.annotations.NullMarked;
