/** To come. */
@NullMarked
package io.driftless.perf;

import org.jspecify.annotations.NullMarked;
