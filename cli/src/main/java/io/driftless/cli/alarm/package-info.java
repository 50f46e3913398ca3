/**
 * Tells a program of the administrator's when a volume lags.
 *
 * <p>Start at {@link io.driftless.cli.alarm.LagAlarm}. It looks at the volumes on a thread of its
 * own and never holds anything up. This package knows what a volume says of itself; it does not
 * know agents.
 */
@NullMarked
package io.driftless.cli.alarm;

import org.jspecify.annotations.NullMarked;
