/**
 * Amounts with their units, as people write and read them.
 *
 * <p>{@link io.driftless.cli.quantity.Rate}, {@link io.driftless.cli.quantity.ByteSize} and {@link
 * io.driftless.cli.quantity.Span} parse what an administrator wrote, and refuse what could be meant
 * in two ways; {@link io.driftless.cli.quantity.Shown} writes amounts for people. Immutable. This
 * package knows nothing of agents.
 */
@NullMarked
package io.driftless.cli.quantity;

import org.jspecify.annotations.NullMarked;
