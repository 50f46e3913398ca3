/**
 * What work costs at the least: the same system calls, hashes, copies and TLS records with nothing
 * around them.
 */
@NullMarked
package io.driftless.perf.floor;

import org.jspecify.annotations.NullMarked;
