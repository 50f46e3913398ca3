package io.driftless.cli.daemon;

/** Everything that commands can set up and start. */
public record Agents(
    SourceDaemon source,
    TargetDaemon target,
    IdleTarget idleTarget,
    CopyDaemon copy,
    TargetFounding founding,
    SourceEnrolment enrolment) {}
