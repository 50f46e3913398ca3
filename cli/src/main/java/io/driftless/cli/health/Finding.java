package io.driftless.cli.health;

/**
 * One thing to say of a volume or a connection.
 *
 * @param subject name of the volume or the target
 * @param text what there is to say, one line
 */
public record Finding(String subject, Severity severity, String text) {}
