package io.driftless.perf.process;

/**
 * What one thread used.
 *
 * @param cpuSeconds user and system time
 * @param waitSeconds how long it could have run and no processor was free
 */
public record ThreadUsage(String process, String name, double cpuSeconds, double waitSeconds) {}
