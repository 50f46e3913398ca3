package io.driftless.perf.profile;

import java.util.List;
import java.util.stream.Stream;

/** What a processor does for an agent, told from the frames of a stack. */
enum Work {
  FILES("files: system calls", "io.driftless.protocol.linux."),
  SOCKETS(
      "sockets: system calls", "sun.nio.ch.", "io.netty.channel.epoll.", "io.netty.channel.unix."),
  TLS("TLS", "io.netty.internal.tcnative.", "org.bouncycastle."),
  HASHES("hashes", "net.openhft.", "io.driftless.protocol.hash.", "io.driftless.protocol.delta."),
  CODECS("compression", "net.jpountz.", "com.github.luben."),
  DATABASE("database", "org.sqlite."),
  HANDING_OVER("waiting and waking", "java.util.concurrent.", "jdk.internal.misc.Unsafe.park"),
  NETTY("Netty besides", "io.netty."),
  OURS("our own Java", "io.driftless."),
  OTHER("other Java");

  private final String label;
  private final List<String> prefixes;

  Work(String label, String... prefixes) {
    this.label = label;
    this.prefixes = List.of(prefixes);
  }

  String label() {
    return label;
  }

  /**
   * What is being done.
   *
   * @param methods with their classes, the innermost first
   */
  static Work of(List<String> methods) {
    return methods.stream()
        .flatMap(method -> Stream.of(values()).filter(work -> work.isMeantBy(method)).limit(1))
        .findFirst()
        .orElse(OTHER);
  }

  private boolean isMeantBy(String method) {
    return prefixes.stream().anyMatch(method::startsWith);
  }
}
