package io.driftless.source.session;

/**
 * What the walk of a pass has found so far, or in all.
 *
 * @param entries names in the volume, the root included
 * @param files regular files among them
 * @param directories among them, the root included
 * @param bytes sizes of the regular files
 */
public record Found(long entries, long files, long directories, long bytes) {
  public static final Found NOTHING = new Found(0, 0, 0, 0);
}
