/** Results as SVG: lines and bars. Knows numbers and labels, not what was measured. */
@NullMarked
package io.driftless.perf.plot;

import org.jspecify.annotations.NullMarked;
