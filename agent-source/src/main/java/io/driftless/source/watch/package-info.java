/**
 * Notices changes of volumes as they happen.
 *
 * <p>Start at {@link io.driftless.source.watch.Watcher}, which has one thread for all volumes. A
 * volume hears of its changes through a {@link io.driftless.source.watch.ChangeSink}: hints of what
 * may be dirty, never what it is. Behind it is a {@code Feed} for each queue of the kernel:
 * fanotify for a whole file system, or inotify for a volume where that can't be had.
 *
 * <p>What fanotify tells, the same on ext4, xfs, btrfs and tmpfs, and the hint that it becomes:
 *
 * <pre>
 * made, written, truncated, punched, chmod,
 * chown, times, xattrs, a symbolic link's too   CREATE, MODIFY, ATTRIB with the name    changed
 * closed by somebody who could write            CLOSE_WRITE                             closed
 * mkdir, mkdir -p, a snapshot of btrfs          CREATE; nothing of what is in it        appeared
 * unlink, rmdir, rm -r                          DELETE, the directory perhaps gone      changed
 * rename, over another one too                  RENAME with both names                  renamed
 * exchange                                      two RENAMEs                             renamed, twice
 * moved in from outside, with what is below     RENAME; nothing of what is below        appeared
 * moved out                                     RENAME                                  changed
 * a directory's own metadata                    ATTRIB with the name "."                changedDirectory
 * link()                                        CREATE of the new name, and ATTRIB of the inode
 * unlink of one of several names                DELETE of it, and ATTRIB of the inode without a name
 * written through one of several names          that name, even when it was removed since
 * made by O_TMPFILE                             "#35" for ever, also after it was linked: the inode
 *                                               tells, and the hint has a real name
 * through a bind mount, or overlayfs above      the name in the file system below (Linux 6.18)
 * stores through a mapping, io_submit,
 * FS_IOC_SETFLAGS, writes to a loop device      nothing: see OpenFiles; flags are for a pass
 * </pre>
 *
 * <p>inotify tells the same except for: what is in a new directory before it is watched, all that
 * concerns an inode without a name, and the real name of what O_TMPFILE made.
 *
 * <p>This package doesn't read files, knows no filters and no sessions.
 */
@NullMarked
package io.driftless.source.watch;

import org.jspecify.annotations.NullMarked;
