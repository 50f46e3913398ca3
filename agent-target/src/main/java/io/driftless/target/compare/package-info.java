/**
 * Looks at what the target has and says how it differs from what the source describes.
 *
 * <p>Start at {@link io.driftless.target.compare.SliceComparer}. Nothing here changes a volume.
 * Thread-safe where not said otherwise. This package knows the volume and entries; it does not know
 * messages.
 */
@NullMarked
package io.driftless.target.compare;

import org.jspecify.annotations.NullMarked;
