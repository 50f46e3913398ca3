/**
 * Where the log goes and how it looks.
 *
 * <p>Start at {@link io.driftless.cli.logging.LogSetup}.
 */
@NullMarked
package io.driftless.cli.logging;

import org.jspecify.annotations.NullMarked;
