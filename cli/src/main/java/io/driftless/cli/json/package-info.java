/**
 * The objects of the control API: values of the agents as JSON, and back.
 *
 * <p>Start at {@link io.driftless.cli.json.PassJson} and {@link io.driftless.cli.json.StatusJson}.
 * The names of fields are a contract with other programs. Stateless. This package knows nothing of
 * HTTP.
 */
@NullMarked
package io.driftless.cli.json;

import org.jspecify.annotations.NullMarked;
