/** What the launcher does once for each build, before the build runs for the first time. */
@NullMarked
package io.driftless.cli.launch;

import org.jspecify.annotations.NullMarked;
