/**
 * Where an agent lives on its host: its configuration, its state, its control socket.
 *
 * <p>Start at {@link io.driftless.cli.home.Homes}, which finds the home that a command means.
 * {@link io.driftless.cli.home.HomeLock} keeps a second agent away, {@link
 * io.driftless.cli.home.TrustedFile} reads what an administrator wrote and nobody else could have.
 * This package knows paths and owners; it does not know what stands in the files.
 */
@NullMarked
package io.driftless.cli.home;

import org.jspecify.annotations.NullMarked;
