/** What lies between two programs of this machine: start at {@link SlowLink}. */
@NullMarked
package io.driftless.perf.link;

import org.jspecify.annotations.NullMarked;
