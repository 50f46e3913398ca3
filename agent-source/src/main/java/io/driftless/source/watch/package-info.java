/**
 * Notices changes of volumes as they happen.
 *
 * <p>Start at {@link io.driftless.source.watch.Watcher}, which has one thread for all volumes. A
 * volume hears of its changes through a {@link io.driftless.source.watch.ChangeSink}: hints of what
 * may be dirty, never what it is. Behind it is a {@code Feed} for each queue of the kernel:
 * fanotify for a whole file system, or inotify for a volume where that can't be had.
 *
 * <p>This package doesn't read files, knows no filters and no sessions.
 */
@NullMarked
package io.driftless.source.watch;

import org.jspecify.annotations.NullMarked;
