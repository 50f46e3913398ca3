/**
 * The control API: HTTP/1.1 with JSON on a Unix socket that only root and the agent's own user may
 * use; and at a port, where one is configured, numbers and health for everybody, which is all that
 * {@link io.driftless.cli.control.OpenRoutes} lets through.
 *
 * <p>Start at {@link io.driftless.cli.control.ControlServer} for the agent's end and {@link
 * io.driftless.cli.control.ControlClient} for the command's. Requests are answered one by one on a
 * thread of the server's own, never on its event loop. This package knows HTTP and what can be
 * asked of agents; it does not know how agents do it.
 */
@NullMarked
package io.driftless.cli.control;

import org.jspecify.annotations.NullMarked;
