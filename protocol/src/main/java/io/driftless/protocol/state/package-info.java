/**
 * What an agent remembers between runs, in one small SQLite database in its home.
 *
 * <p>Start at {@link io.driftless.protocol.state.StateDatabase}; each agent has its tables in a
 * package of its own. Nothing here is the truth about a tree: losing the file costs a full
 * comparison, never data. Thread-safe.
 */
@NullMarked
package io.driftless.protocol.state;

import org.jspecify.annotations.NullMarked;
