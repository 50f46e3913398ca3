package io.driftless.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build has written beside this class. */
final class Version {
  private Version() {}

  static String number() {
    Properties written = new Properties();
    try (InputStream text = Version.class.getResourceAsStream("version.properties")) {
      written.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties beside " + Version.class.getName(), e);
    }
    return written.getProperty("version");
  }
}
