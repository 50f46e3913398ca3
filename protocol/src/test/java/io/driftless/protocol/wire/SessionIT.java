package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SessionIT {
  static final OpenVolume WWW =
      new OpenVolume(
          "www",
          Role.SOURCE,
          VolumeKind.TREE,
          Access.WRITE,
          0,
          new RootIdentity(new UUID(1, 2), 3, 4),
          Owners.NUMERIC,
          List.of("*.swp"));

  static final VolumeOpened OPENED =
      new VolumeOpened(
          1,
          VolumeState.REPLICA,
          42,
          new Windows(1, 2, 3, 4),
          Standing.NEVER_SEEDED,
          new Room(5, 6));

  @Test
  void two_agents_talk_about_a_volume_over_all_lanes() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(2)) {
      var source = new Recorder();
      Conversation asking = session.open(WWW, source);
      Target.Opened opened = target.nextOpened();
      assertThat(opened.opening()).isEqualTo(WWW);
      assertThat(opened.session().id()).isEqualTo(session.id());
      assertThat(opened.session().peer().id()).isEqualTo(pair.source().id());

      opened.conversation().send(OPENED);
      assertThat(source.next(VolumeOpened.class)).isEqualTo(OPENED);

      for (int i = 1; i <= 20; i++) {
        ByteBuf plain =
            asking.allocator().directBuffer().writeBytes(PackerTest.dense(i * 9000)).writeInt(i);
        asking.sendContent(new Contents(i, asking.pack(plain)), 7);
      }
      for (int i = 1; i <= 20; i++) {
        Contents contents = opened.heard().next(Contents.class);
        assertThat(contents.slice()).isEqualTo(i);
        ByteBuf plain = opened.conversation().unpack(contents.records());
        assertThat(plain.readableBytes()).isEqualTo(i * 9000 + 4);
        assertThat(plain.getInt(i * 9000)).isEqualTo(i);
        plain.release();
      }
      opened.conversation().send(new Staged(17));
      assertThat(source.next(Staged.class)).isEqualTo(new Staged(17));
      assertThat(session.wireBytes().sent()).isGreaterThan(20 * 21 / 2 * 9000);
      assertThat(session.tlsProvider()).isEqualTo("BORINGSSL/BORINGSSL");
      session.close();
      assertThat(target.nextEnd().cause()).isEqualTo(Cause.PEER);
    }
  }

  @Test
  void the_end_of_one_conversation_leaves_the_others() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(1)) {
      var first = new Recorder();
      var second = new Recorder();
      session.open(WWW, first);
      Conversation staying = session.open(WWW, second);
      Target.Opened refused = target.nextOpened();
      Target.Opened stays = target.nextOpened();

      refused
          .conversation()
          .end(new SessionEnd(Cause.CLOSED_HERE, "volume-not-allowed", "no", "ask"));
      assertThat(first.awaitEnd())
          .isEqualTo(new SessionEnd(Cause.PEER, "volume-not-allowed", "no", "ask"));
      assertThat(refused.heard().awaitEnd().slug()).isEqualTo("volume-not-allowed");

      var begun = new PassBegun(3, Proof.DIGEST);
      staying.send(begun);
      assertThat(stays.heard().next(PassBegun.class)).isEqualTo(begun);
      assertThat(session.isOpen()).isTrue();
    }
  }

  @Test
  void volumes_that_several_threads_open_at_once_are_all_opened() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(1);
        var threads = Executors.newFixedThreadPool(8)) {
      var opening = new ArrayList<Callable<Conversation>>();
      for (int i = 0; i < 400; i++) {
        opening.add(() -> session.open(WWW, new Recorder()));
      }
      threads.invokeAll(opening);
      for (int i = 0; i < opening.size(); i++) {
        target.nextOpened();
      }
      assertThat(session.isOpen()).isTrue();
    }
  }

  @Test
  void a_listener_that_throws_ends_the_session_as_a_violation() throws Exception {
    var target =
        new Target((_, message) -> {
          if (message instanceof Staged) {
            throw new IllegalStateException("staged what?");
          }
        });
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(1)) {
      var source = new Recorder();
      session.open(WWW, source).send(new Staged(1));
      assertThat(source.awaitEnd().cause()).isEqualTo(Cause.PEER);
      assertThat(source.awaitEnd().slug()).isEqualTo("protocol-violation");
      assertThat(target.nextOpened().heard().awaitEnd().cause()).isEqualTo(Cause.VIOLATION);
      assertThat(session.awaitEnd().slug()).isEqualTo("protocol-violation");
    }
  }

  @Test
  void content_sent_after_the_end_is_released_and_refused() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(1)) {
      var source = new Recorder();
      Conversation asking = session.open(WWW, source);
      target.nextOpened().conversation().send(OPENED);
      source.next(VolumeOpened.class);
      asking.end(new SessionEnd(Cause.CLOSED_HERE, "done", "done", ""));
      ByteBuf plain = asking.allocator().directBuffer().writeLong(1);
      var listing =
          new Listing(
              1, null, 0, Part.LAST, Completeness.COMPLETE, new Packed(Packing.PLAIN, 8, 0, plain));
      assertThatThrownBy(() -> asking.sendContent(listing, 0)).isInstanceOf(WireException.class);
      assertThat(plain.refCnt()).isZero();
    }
  }
}
