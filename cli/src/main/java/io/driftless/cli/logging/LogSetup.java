package io.driftless.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to stderr: only warnings, unless a command asks for more. Found by logback itself,
 * so that no file is parsed when a command starts.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  // Control characters in a message would reach the terminal: every one becomes a question mark.
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{0}: "
          + "%replace(%msg){'[\\p{Cntrl}\\x{80}-\\x{9f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]', '?'}"
          + "%n%ex";

  /** How a line of the log looks. */
  public enum Format {
    TEXT,
    JSON
  }

  /** Called by logback when the first logger is asked for. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    install(context, Level.WARN, Format.TEXT);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Logs what an agent does, in this process from now on. */
  public static void ofAgent(boolean verbose, Format format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      install(context, verbose ? Level.DEBUG : Level.INFO, format);
    }
  }

  private static void install(LoggerContext context, Level level, Format format) {
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, format));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.driftless").setLevel(level);
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    return switch (format) {
      case JSON -> {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.start();
        yield encoder;
      }
      case TEXT -> {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        yield encoder;
      }
    };
  }
}
