/**
 * What people see: values of the agents as lines of text.
 *
 * <p>Every class writes one kind of view; {@link io.driftless.cli.screen.ProgressText} is the line
 * that moves. Names from the file system and words of a peer are escaped here. Nothing here asks an
 * agent; time comes in from outside, so that every view can be pinned by a test.
 */
@NullMarked
package io.driftless.cli.screen;

import org.jspecify.annotations.NullMarked;
