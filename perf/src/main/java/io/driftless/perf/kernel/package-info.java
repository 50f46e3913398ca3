/** JMH benchmarks of the inner loops. One class for each kernel; run by {@code bench --jmh}. */
@NullMarked
package io.driftless.perf.kernel;

import org.jspecify.annotations.NullMarked;
