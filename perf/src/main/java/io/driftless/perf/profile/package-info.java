/** What agents did while they were measured, as the JDK's Flight Recorder saw it. */
@NullMarked
package io.driftless.perf.profile;

import org.jspecify.annotations.NullMarked;
