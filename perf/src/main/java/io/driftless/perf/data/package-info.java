/** What is carried: start at {@link DataSet}. Equal seeds give equal trees. */
@NullMarked
package io.driftless.perf.data;

import org.jspecify.annotations.NullMarked;
