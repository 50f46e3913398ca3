/**
 * What the source agent remembers: its volumes, passes, problems and notices.
 *
 * <p>Start at {@link io.driftless.source.state.PassArchive}. Thread-safe. Knows reports, not how
 * they come about.
 */
@NullMarked
package io.driftless.source.state;

import org.jspecify.annotations.NullMarked;
