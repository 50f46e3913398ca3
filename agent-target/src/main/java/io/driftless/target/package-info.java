/** To come. */
@NullMarked
package io.driftless.target;

import org.jspecify.annotations.NullMarked;
