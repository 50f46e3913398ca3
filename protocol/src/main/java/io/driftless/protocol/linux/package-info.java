/**
 * System calls beyond {@code java.nio}: the file system as the kernel has it, and handles that
 * can't be led out of a volume.
 *
 * <p>Start at {@link io.driftless.protocol.linux.ConfinedRoot}: it opens the root of a volume once
 * and hands out a {@link io.driftless.protocol.linux.Directory} for a path inside. A directory does
 * things to its entries by {@link io.driftless.protocol.tree.Name}, and opens an {@link
 * io.driftless.protocol.linux.Fd} for content. No path string is resolved twice, and no link is
 * ever followed. Everything native goes through {@code Kernel}, the one place that imports {@code
 * java.lang.foreign.Linker}; its numbers are those of x86_64 and aarch64. Calls that a kernel may
 * lack are found by trying, once ({@code KernelFeatures}); each has a fallback that passes the same
 * contract tests.
 *
 * <p><b>Threads.</b> Arguments and results of a call travel through the calling thread's {@code
 * Scratch}, so handles may be shared as their documentation says. A call blocks its thread; on a
 * virtual thread it pins the carrier, so use platform threads, and few: each keeps some 100 KiB to
 * 300 KiB of native memory.
 *
 * <p><b>Failing.</b> {@link io.driftless.protocol.linux.LinuxException} names call, errno and path.
 * Absence is an ordinary answer: methods that say so return null or false. A {@link
 * io.driftless.protocol.linux.ConfinementException} names the component that was refused, what it
 * is, and its owner.
 *
 * <p>This package knows names, descriptors and bytes. It knows nothing of volumes' contents, of
 * metadata to be kept, of messages or of sessions.
 */
@NullMarked
package io.driftless.protocol.linux;

import org.jspecify.annotations.NullMarked;
