package io.driftless.cli.daemon;

/** Everything that commands can set up and start. */
public record Agents(
    SourceDaemon source,
    TargetDaemon target,
    CopyDaemon copy,
    TargetFounding founding,
    SourceEnrolment enrolment) {}
