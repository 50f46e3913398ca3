/** The programs that are compared: start at {@link Contender}. */
@NullMarked
package io.driftless.perf.contender;

import org.jspecify.annotations.NullMarked;
