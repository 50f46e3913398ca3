/**
 * The composition roots: the only place that knows every class of both agents and puts them
 * together.
 *
 * <p>Start at {@link io.driftless.cli.assembly.Assembly}. Plain constructors, no container. What is
 * made here is closed here, in the opposite order.
 */
@NullMarked
package io.driftless.cli.assembly;

import org.jspecify.annotations.NullMarked;
