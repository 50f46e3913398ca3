/** To come. */
@NullMarked
package io.driftless.source;

import org.jspecify.annotations.NullMarked;
