package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a target has printed and that somebody could still come with.
 *
 * <p>They outlive a restart. Each is good for one agent, until it expires or was guessed at too
 * often. Safe for concurrent use, also with other processes; methods block.
 */
public final class Invitations {
  public static final Duration TTL = Duration.ofHours(1);
  public static final Duration TTL_MAX = Duration.ofDays(30);

  /** How many may be open at a time. */
  public static final int OPEN_MAX = 256;

  /** How many wrong proofs make a token worthless. */
  static final int WRONG_PROOFS_MAX = 5;

  private static final String FILE = "invitations";

  /** How long one is remembered after its end, only to say why it isn't good any more. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private static final int REMEMBERED_MAX = 1024;

  private final Ledger<Invitation> ledger;
  private final SecureRandom random;
  private final InstantSource clock;

  private Invitations(Ledger<Invitation> ledger, SecureRandom random, InstantSource clock) {
    this.ledger = ledger;
    this.random = random;
    this.clock = clock;
  }

  public static Invitations in(PrivateDirectory directory, SecureRandom random, InstantSource clock)
      throws IOException {
    return new Invitations(Ledger.in(directory, FILE, Invitation.FORMAT), random, clock);
  }

  public static Invitations inMemory(SecureRandom random, InstantSource clock) {
    return new Invitations(Ledger.inMemory(Invitation.FORMAT), random, clock);
  }

  /**
   * Whom to invite, and where to.
   *
   * @param addresses where this target listens
   * @param authority the key of its authority
   * @param agent the name that the agent gets, or null if it may choose
   * @param ttl how long the token is good for, at most {@link #TTL_MAX}
   */
  public record Offer(
      List<Address> addresses,
      KeyHash authority,
      @Nullable AgentName agent,
      Rights rights,
      Duration ttl) {
    public Offer {
      addresses = List.copyOf(addresses);
      if (!ttl.isPositive() || ttl.compareTo(TTL_MAX) > 0) {
        throw new IllegalArgumentException(
            "a token is good for 1 s to %d days, not for %d s"
                .formatted(TTL_MAX.toDays(), ttl.toSeconds()));
      }
    }
  }

  /**
   * Makes a token. It is in the caller's hands only: what is stored can't bring it back.
   *
   * @throws RefusedException if too many are open
   */
  public Token invite(Offer offer) throws IOException {
    Instant now = clock.instant();
    Token token =
        new Token(
            offer.addresses(),
            offer.authority(),
            new TokenId(random.nextLong()),
            TokenSecret.random(random),
            now.plus(offer.ttl()));
    Invitation invitation =
        new Invitation(
            token.id(),
            token.secret().proofKey(),
            token.expiresAt(),
            offer.agent(),
            offer.rights(),
            0,
            null);
    return ledger.change(invitations -> {
      forget(invitations, now);
      if (invitations.stream().filter(known -> isOpen(known, now)).count() >= OPEN_MAX) {
        throw new RefusedException(
            Reason.TOKENS_TOO_MANY,
            OPEN_MAX + " invitations are open",
            "wait until some have expired");
      }
      invitations.add(invitation);
      return token;
    });
  }

  /** Those that somebody could still come with. */
  public List<Invitation> open() {
    Instant now = clock.instant();
    return ledger.entries().stream().filter(invitation -> isOpen(invitation, now)).toList();
  }

  /** Looks at what would be redeemed, so that nothing is used up in vain. */
  interface Precondition {
    void check(Invitation invitation) throws RefusedException;
  }

  /**
   * Uses up the invitation that a request proves to have.
   *
   * <p>The proof comes first: only who knows the secret is told more than that it was wrong.
   *
   * @throws RefusedException if there is none, or it isn't good any more; or what the precondition
   *     throws, and then it stays good
   */
  Invitation redeem(EnrolmentRequest request, EnrolmentBinding binding, Precondition precondition)
      throws IOException {
    Instant now = clock.instant();
    Outcome outcome =
        ledger.change(invitations -> {
          forget(invitations, now);
          int index = indexOf(invitations, request.token());
          Invitation invitation = invitations.get(index);
          requireUnburnt(invitation);
          if (!request.isProvedBy(invitation.proofKey(), binding)) {
            invitations.set(index, invitation.guessed());
            return new Outcome(invitation, Proof.WRONG);
          }
          requireOpen(invitation, now);
          precondition.check(invitation);
          invitations.set(index, invitation.used(now));
          return new Outcome(invitation, Proof.RIGHT);
        });
    if (outcome.proof() == Proof.WRONG) {
      throw new RefusedException(
          Reason.TOKEN_PROOF,
          "the token's secret is wrong",
          "copy all of the line that target invite printed");
    }
    return outcome.invitation();
  }

  private enum Proof {
    RIGHT,
    WRONG
  }

  /** A wrong proof is an outcome and no exception, since it has to be counted durably. */
  private record Outcome(Invitation invitation, Proof proof) {}

  private static int indexOf(List<Invitation> invitations, TokenId id) throws RefusedException {
    for (int i = 0; i < invitations.size(); i++) {
      if (invitations.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new RefusedException(
        Reason.TOKEN_UNKNOWN,
        "this target knows no such token",
        "check that it is of this target; print a new one with target invite");
  }

  private static void requireUnburnt(Invitation invitation) throws RefusedException {
    if (invitation.wrongProofs() >= WRONG_PROOFS_MAX) {
      throw new RefusedException(
          Reason.TOKEN_BURNT,
          "somebody guessed at this token %d times".formatted(invitation.wrongProofs()),
          "print a new one with target invite");
    }
  }

  private static void requireOpen(Invitation invitation, Instant now) throws RefusedException {
    if (invitation.usedAt() != null) {
      throw new RefusedException(
          Reason.TOKEN_USED,
          "an agent enrolled with this token at "
              + invitation.usedAt().truncatedTo(ChronoUnit.SECONDS),
          "print a new one with target invite; if that agent is none of yours, revoke it");
    }
    if (now.isAfter(invitation.expiresAt())) {
      throw new RefusedException(
          Reason.TOKEN_EXPIRED,
          "the token expired at " + invitation.expiresAt(),
          "print a new one with target invite");
    }
  }

  private static boolean isOpen(Invitation invitation, Instant now) {
    return invitation.usedAt() == null
        && invitation.wrongProofs() < WRONG_PROOFS_MAX
        && !now.isAfter(invitation.expiresAt());
  }

  private static void forget(List<Invitation> invitations, Instant now) {
    invitations.removeIf(known -> known.expiresAt().plus(REMEMBERED).isBefore(now));
    for (int i = 0; invitations.size() >= REMEMBERED_MAX && i < invitations.size(); ) {
      if (isOpen(invitations.get(i), now)) {
        i++;
      } else {
        invitations.remove(i); // the oldest ones stand first
      }
    }
  }
}
