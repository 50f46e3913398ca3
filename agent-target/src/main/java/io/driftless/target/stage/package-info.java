/**
 * Prepares entries where nobody sees them: in {@code .driftless/} inside the volume, on the same
 * file system as the places that they will be renamed to.
 *
 * <p>Start at {@link io.driftless.target.stage.StagingArea}. Several threads stage at a time, each
 * its own entries. Everything goes through confined handles. This package knows files and metadata;
 * it knows neither epochs nor messages.
 */
@NullMarked
package io.driftless.target.stage;

import org.jspecify.annotations.NullMarked;
