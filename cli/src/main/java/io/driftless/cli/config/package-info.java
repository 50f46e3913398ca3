/**
 * What an administrator configures: files to one record per agent, with every flaw named by file,
 * line and column.
 *
 * <p>Start at {@link io.driftless.cli.config.Configuration}. {@link io.driftless.cli.config.Keys}
 * is the list of everything that may be written. A configuration is taken whole or not at all.
 * Values are immutable.
 */
@NullMarked
package io.driftless.cli.config;

import org.jspecify.annotations.NullMarked;
