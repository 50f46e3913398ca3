package io.driftless.cli.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the requests of one connection to the worker, and its answers back. */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);

  /** One thread for each request that waits, and there is one of a connection. */
  private static final Executor WAITER =
      task -> Thread.ofVirtual().name("control-wait").start(task);

  private final Answers answers;
  private final Executor worker;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  ControlHandler(Answers answers, Executor worker) {
    this.answers = answers;
    this.worker = worker;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      var _ = context.close();
      return;
    }
    ControlRequest asked = read(request);
    context.channel().config().setAutoRead(false); // the next request, when this one is answered
    // What had been read with it waits its turn: answers keep the order of the requests.
    last =
        last.thenRunAsync(() -> await(asked), WAITER)
            .thenRunAsync(() -> answer(context, asked), worker);
    last.exceptionally(failure -> {
      LOG.debug("a request is not answered", failure); // more wait than anybody needs
      var _ = context.close();
      return null;
    });
  }

  private void await(ControlRequest asked) {
    try {
      answers.await(asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(ChannelHandlerContext context, ControlRequest asked) {
    var _ = context.writeAndFlush(response(answers.answer(asked)));
    context.channel().config().setAutoRead(true);
  }

  private static ControlRequest read(FullHttpRequest request) {
    var uri = new QueryStringDecoder(request.uri());
    List<String> path =
        Arrays.stream(uri.rawPath().split("/", -1))
            .skip(1)
            .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B"), UTF_8))
            .toList();
    Map<String, String> query = new HashMap<>();
    uri.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
    return new ControlRequest(
        request.method().name(), path, Map.copyOf(query), request.content().toString(UTF_8));
  }

  private static FullHttpResponse response(ControlAnswer answer) {
    byte[] body = answer.text().getBytes(UTF_8);
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      var _ = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection to the control socket failed", cause);
    var _ = context.close();
  }
}
