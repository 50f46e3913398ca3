/**
 * Include and exclude patterns in the syntax of gitignore, which both agents apply alike.
 *
 * <p>Start at {@link io.driftless.protocol.filter.Filter}; {@link
 * io.driftless.protocol.filter.FilterRule} says what a pattern is. Everything here is an immutable
 * value that may be shared between threads. This package knows names and paths; it doesn't know
 * files, configuration files or messages, although both bring rules: a rule is checked when it is
 * parsed, wherever it came from.
 *
 * <p>Patterns are text in UTF-8, names are bytes, and git compares bytes: {@code ?} and a class
 * match <em>one byte</em>, so {@code ??.txt} and not {@code ?.txt} matches a name with one umlaut,
 * and every name can be matched by {@code *}, well-formed or not. A literal matches its bytes
 * exactly, without folding of case and without normalisation.
 *
 * <p>The reference is what git does, not only what its manual says: a pattern that is literal up to
 * a {@code **}, such as {@code /log**}{@code /old}, reaches across directories, for git compares
 * the literal part first and then takes the asterisks for the beginning of a pattern.
 *
 * <p>Patterns may come from a hostile peer: their number and sizes are bounded, and matching a name
 * takes at most as many steps as the bytes of the path times the bytes of the pattern.
 */
@NullMarked
package io.driftless.protocol.filter;

import org.jspecify.annotations.NullMarked;
