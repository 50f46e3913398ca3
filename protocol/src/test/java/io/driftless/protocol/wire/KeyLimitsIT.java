package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
@DisplayName("JDK-8329548: a JDK that receives from BoringSSL must not reach its key limit")
final class KeyLimitsIT {
  private static final String LIMIT = "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^25\n";
  private static final long EARLY = 1 << 21;
  private static final long NEVER = 1L << 40;

  @TempDir private Path directory;

  @Test
  void lanes_that_are_replaced_early_outlive_the_limit() throws Exception {
    assertThat(run(EARLY)).contains("ALL ARRIVED");
  }

  @Test
  void a_lane_that_is_never_replaced_dies_of_it() throws Exception {
    assertThat(run(NEVER)).as("else the test above proves nothing").doesNotContain("ALL ARRIVED");
  }

  private String run(long replacedAfter) throws IOException, InterruptedException {
    Path security = Files.writeString(directory.resolve("security"), LIMIT);
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-Djava.security.properties=" + security,
                    "-cp",
                    System.getProperty("java.class.path"),
                    KeyLimits.class.getName(),
                    String.valueOf(replacedAfter)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return Files.readString(output, UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
