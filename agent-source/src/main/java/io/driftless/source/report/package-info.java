/**
 * What a pass counts and what it has to say while it runs.
 *
 * <p>Start at {@link io.driftless.source.report.Tally}. Everything here may be called by all
 * threads of a pass at once. This package knows paths and numbers; it doesn't know where they come
 * from or who reads them.
 */
@NullMarked
package io.driftless.source.report;

import org.jspecify.annotations.NullMarked;
