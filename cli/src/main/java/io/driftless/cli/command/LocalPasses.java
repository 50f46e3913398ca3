package io.driftless.cli.command;

import io.driftless.cli.json.Envelope;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.SourceControl.UnknownVolumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Passes of an agent in this process. */
final class LocalPasses implements Passes {
  private static final int PAGE = 1000;

  private final SourceControl source;
  private final Envelope envelope;

  LocalPasses(SourceControl source, Envelope envelope) {
    this.source = source;
    this.envelope = envelope;
  }

  @Override
  public long request(String volume, PassRequest request) throws IOException {
    try {
      return source.requestPass(volume, request);
    } catch (UnknownVolumeException e) {
      throw new IOException("the agent of this process lost its volume " + volume, e);
    }
  }

  @Override
  public PassProgress progress(String volume, long pass, Duration wait)
      throws IOException, InterruptedException {
    try {
      source.awaitEnd(volume, pass, wait);
      return source
          .pass(volume, pass)
          .orElseThrow(() -> new IOException("pass %d of %s is gone".formatted(pass, volume)));
    } catch (UnknownVolumeException e) {
      throw new IOException("the agent of this process lost its volume " + volume, e);
    }
  }

  @Override
  public Optional<String> obstacle(String volume) {
    return Optional.empty(); // both ends are here: what fails, fails the pass
  }

  @Override
  public OptionalLong entriesBefore(String volume) {
    return OptionalLong.empty();
  }

  @Override
  public List<NumberedDifference> differences(String volume, long pass, long after)
      throws IOException {
    try {
      return source.differences(volume, pass, after, PAGE);
    } catch (UnknownVolumeException e) {
      throw new IOException("the agent of this process lost its volume " + volume, e);
    }
  }

  @Override
  public Envelope envelope() {
    return envelope;
  }
}
