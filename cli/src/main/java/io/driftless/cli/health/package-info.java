/**
 * Whether volumes are well, for monitoring.
 *
 * <p>Start at {@link io.driftless.cli.health.HealthRules}. Nothing here asks an agent or writes
 * anything; immutable.
 */
@NullMarked
package io.driftless.cli.health;

import org.jspecify.annotations.NullMarked;
