/**
 * The commands: arguments into calls, outcomes into exit codes, JSON and lines for people.
 *
 * <p>Start at {@link io.driftless.cli.command.CommandLineProgram}. Each command is one class; what
 * they share is {@link io.driftless.cli.command.Root}, with the options that every command takes. A
 * command runs on the main thread.
 */
@NullMarked
package io.driftless.cli.command;

import org.jspecify.annotations.NullMarked;
