package io.driftless.target.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume's release for writing on the target.
 *
 * @param since when the sources lost their right to write
 * @param reason that was given, may be empty
 * @param quietSince what changed in the volume later, somebody else has changed; empty as long as
 *     the agent itself may have to finish something there
 */
public record Release(Instant since, String reason, Optional<Instant> quietSince) {}
