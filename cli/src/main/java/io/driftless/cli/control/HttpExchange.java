package io.driftless.cli.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request and its response on a Unix socket, within a deadline. */
final class HttpExchange {
  private static final int HEAD_BYTES_MAX = 16 * 1024;
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})(?: [^\\r\\n]*)?");

  record Response(int status, String body) {}

  private final Path socket;
  private final long deadlineNanos;

  HttpExchange(Path socket, Duration patience) {
    this.socket = socket;
    this.deadlineNanos = System.nanoTime() + patience.toNanos();
  }

  Response send(String method, String path, String body) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      write(channel, selector, ByteBuffer.wrap(request(method, path, body)));
      key.interestOps(SelectionKey.OP_READ);
      return parse(readAll(channel, selector));
    }
  }

  private static byte[] request(String method, String path, String body) {
    byte[] content = body.getBytes(UTF_8);
    String head =
        """
        %s %s HTTP/1.1\r
        Host: localhost\r
        Connection: close\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(method, path, content.length);
    var all = new ByteArrayOutputStream(head.length() + content.length);
    all.writeBytes(head.getBytes(ISO_8859_1));
    all.writeBytes(content);
    return all.toByteArray();
  }

  private void write(SocketChannel channel, Selector selector, ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(selector);
      }
    }
  }

  private byte[] readAll(SocketChannel channel, Selector selector) throws IOException {
    var all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(HEAD_BYTES_MAX);
    while (true) {
      int count = channel.read(buffer);
      if (count < 0) {
        return all.toByteArray();
      }
      if (count == 0) {
        await(selector);
        continue;
      }
      all.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      if (all.size() > HEAD_BYTES_MAX + BODY_BYTES_MAX) {
        throw new IOException("the answer is longer than " + BODY_BYTES_MAX + " bytes");
      }
    }
  }

  private void await(Selector selector) throws IOException {
    long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || (selector.select(millis) == 0 && System.nanoTime() >= deadlineNanos)) {
      throw new SocketTimeoutException("no answer in time");
    }
    selector.selectedKeys().clear();
  }

  private static Response parse(byte[] all) throws IOException {
    String text = new String(all, 0, Math.min(all.length, HEAD_BYTES_MAX), ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new EOFException("the connection ended before there was an answer");
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Matcher status = STATUS.matcher(lines[0]);
    if (!status.matches()) {
      throw new IOException("that is not HTTP/1.1");
    }
    int length = contentLength(lines);
    int start = end + 4;
    if (all.length - start != length) {
      throw new EOFException(
          "the answer has %d bytes instead of %d".formatted(all.length - start, length));
    }
    return new Response(Integer.parseInt(status.group(1)), new String(all, start, length, UTF_8));
  }

  private static int contentLength(String[] lines) throws IOException {
    for (String line : lines) {
      String[] field = line.split(":", 2);
      if (field.length == 2 && field[0].toLowerCase(Locale.ROOT).equals("content-length")) {
        String number = field[1].strip();
        if (number.matches("[0-9]{1,8}")) {
          return Integer.parseInt(number);
        }
      }
    }
    throw new IOException("the answer does not say how long it is");
  }
}
