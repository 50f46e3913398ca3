package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * What an agent shows to its peers: its key, its leaf, and the authority that signed the leaf.
 *
 * <p>All of it is in one file, so that a renewal replaces all of it at once. An agent that serves
 * several targets has one identity per target, each in a directory of its own.
 */
public final class Identity {
  private static final String FILE = "agent.pem";

  private final AgentKey key;
  private final X509Certificate leaf;
  private final X509Certificate authority;

  Identity(AgentKey key, X509Certificate leaf, X509Certificate authority) {
    this.key = key;
    this.leaf = leaf;
    this.authority = authority;
  }

  public static boolean isIn(PrivateDirectory directory) {
    return directory.has(FILE);
  }

  /**
   * Loads the identity that {@link #store} stored. It may have expired.
   *
   * @throws RefusedException if it isn't there, damaged, or others could have read its key
   */
  public static Identity load(PrivateDirectory directory) throws IOException {
    String where = directory.path().resolve(FILE).toString();
    byte[] content =
        directory
            .read(FILE)
            .orElseThrow(() ->
                new RefusedException(
                    Reason.IDENTITY_MISSING,
                    "this agent has no identity: there is no " + where,
                    "run target init, or source join with a token of the target"));
    Pem pem = Pem.parse(where, content);
    X509Certificate leaf = pem.certificate(1);
    X509Certificate authority = pem.certificate(2);
    Subject.of(leaf);
    ChainCheck.requireIssued(leaf, authority);
    try {
      return new Identity(AgentKey.of(pem.privateKey(0), leaf.getPublicKey()), leaf, authority);
    } catch (InvalidKeyException e) {
      throw Pem.mismatched(where, "its key doesn't belong to its certificate");
    }
  }

  /** Stores this identity in place of the one that may be there. */
  public void store(PrivateDirectory directory) throws IOException {
    directory.write(
        FILE, Pem.of(Pem.block(key.privateKey()), Pem.block(leaf), Pem.block(authority)));
  }

  public Subject subject() {
    try {
      return Subject.of(leaf);
    } catch (RefusedException e) {
      throw new IllegalStateException("an identity has the leaf of an agent", e);
    }
  }

  public AgentId id() {
    return subject().id();
  }

  public AgentName name() {
    return subject().name();
  }

  AgentKey key() {
    return key;
  }

  public KeyHash keyHash() {
    return key.hash();
  }

  public X509Certificate leaf() {
    return leaf;
  }

  public X509Certificate authority() {
    return authority;
  }

  /** What is shown in TLS. */
  X509Certificate[] chain() {
    return new X509Certificate[] {leaf, authority};
  }

  public KeyHash authorityHash() {
    return KeyHash.of(authority.getPublicKey());
  }

  public Instant expiresAt() {
    return leaf.getNotAfter().toInstant();
  }

  /** From when on it should be renewed: half of its life. */
  public Instant renewAt() {
    return expiresAt().minus(Authority.LEAF_LIFE.dividedBy(2));
  }
}
