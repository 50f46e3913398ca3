package io.driftless.cli.config;

import java.util.List;

/** A key with the value that counts, and where that stands. */
record Setting(List<String> key, Object value, Place place) {}
