package io.driftless.target.session;

/**
 * How much there was of a volume when the source last showed all of it.
 *
 * @param entries names, the root included
 * @param files names of regular files
 */
public record Population(long entries, long files) {}
