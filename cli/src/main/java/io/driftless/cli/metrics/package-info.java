/**
 * The agent's numbers as Prometheus reads them.
 *
 * <p>Start at {@link io.driftless.cli.metrics.SourceMetrics} and {@link
 * io.driftless.cli.metrics.TargetMetrics}. Every text is made anew of what the agent says of itself
 * at that moment, so that nothing is kept and nothing goes stale. Labels are names of volumes,
 * peers and states, never paths. Confined to one thread.
 */
@NullMarked
package io.driftless.cli.metrics;

import org.jspecify.annotations.NullMarked;
