/**
 * Walks a tree slice by slice.
 *
 * <p>Start at {@link io.driftless.source.scan.Walk}, which runs a few threads over a {@code
 * WalkStack} of what is still to be walked; each has a {@code SliceScanner} that turns directories
 * into offers or listings. A directory is never held as a whole when it is large: it goes in
 * scopes, see {@code LargeDirectory}. Names of one inode are brought together by {@link
 * io.driftless.source.scan.LinkTable}. Scanners are confined to their threads, everything else is
 * thread-safe. This package doesn't know sessions; what it finds goes to {@code source.send}.
 */
@NullMarked
package io.driftless.source.scan;

import org.jspecify.annotations.NullMarked;
