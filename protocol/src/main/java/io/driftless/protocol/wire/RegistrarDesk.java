package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Certificates;
import io.driftless.protocol.identity.Enrolled;
import io.driftless.protocol.identity.EnrolmentBinding;
import io.driftless.protocol.identity.EnrolmentRequest;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.identity.Refusal;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.identity.Registrar;
import io.driftless.protocol.identity.SigningRequest;
import io.driftless.protocol.identity.TokenId;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.identity.Word256;
import io.driftless.protocol.message.EnrolmentMessage.Challenge;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.tree.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The desk at which a target's registrar sits: turns messages into its requests. */
public final class RegistrarDesk implements EnrolmentDesk {
  private final Registrar registrar;
  private final Supplier<Identity> identity;

  /**
   * A desk.
   *
   * @param identity what the target shows: the same as that of its acceptor
   */
  public RegistrarDesk(Registrar registrar, Supplier<Identity> identity) {
    this.registrar = registrar;
    this.identity = identity;
  }

  @Override
  public Visit visit() {
    EnrolmentBinding binding = registrar.bind(identity.get());
    return new Visit() {
      @Override
      public Challenge challenge() {
        return new Challenge(Bytes.owning(binding.nonce().toBytes()));
      }

      @Override
      public Issued enrol(Enrol request) throws IOException {
        return issued(registrar.enrol(parse(request), binding));
      }
    };
  }

  @Override
  public Issued renew(PeerIdentity peer, Renew request) throws IOException {
    SigningRequest signing = SigningRequest.parse(request.signingRequest().toBytes());
    return issued(registrar.renew(peer, signing));
  }

  private static EnrolmentRequest parse(Enrol request) throws RefusedException {
    try {
      byte[] token = request.tokenId().toBytes();
      if (token.length != Long.BYTES) {
        throw new IllegalArgumentException("a token's id has 8 bytes");
      }
      return new EnrolmentRequest(
          new TokenId(ByteBuffer.wrap(token).getLong()),
          SigningRequest.parse(request.signingRequest().toBytes()),
          Word256.of(request.proof().toBytes()),
          request.volumes().stream().map(VolumeName::new).toList());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          new Refusal(
              Refusal.Reason.REQUEST_BAD,
              "the request can't be read",
              "use the same version of driftless on both hosts"));
    }
  }

  private static Issued issued(Enrolled enrolled) {
    return new Issued(
        Bytes.owning(Certificates.encoded(enrolled.leaf())),
        Bytes.owning(Certificates.encoded(enrolled.authority())));
  }
}
