package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * Whom a certificate is about.
 *
 * <p>In a certificate the name is the common name; id and role are the two URIs of the subject
 * alternative name, and there are no other names. Decisions rest on the URIs.
 *
 * @param role the sort of agent: a source dials, a target listens
 */
public record Subject(AgentId id, AgentName name, Role role) {
  private static final int URI = 6; // the tag of a uniformResourceIdentifier among general names
  private static final Pattern COMMON_NAME = Pattern.compile("CN=([a-z0-9.-]+)");

  /**
   * Reads whom a certificate is about. Says nothing about whether it can be trusted.
   *
   * @throws RefusedException if it isn't the certificate of an agent
   */
  static Subject of(X509Certificate certificate) throws RefusedException {
    try {
      List<String> uris = uris(certificate);
      if (uris.size() != 2 || !AgentId.isUri(uris.get(0)) || !Role.isUri(uris.get(1))) {
        throw notAnAgent("it doesn't name an agent and its role");
      }
      return new Subject(
          AgentId.ofUri(uris.get(0)),
          nameIn(certificate.getSubjectX500Principal()),
          Role.ofUri(uris.get(1)));
    } catch (CertificateParsingException | IllegalArgumentException e) {
      throw notAnAgent(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> uris(X509Certificate certificate) throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    List<String> uris = new ArrayList<>();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (!name.getFirst().equals(URI) || !(name.get(1) instanceof String uri)) {
        throw new CertificateParsingException("it has a name of another kind");
      }
      uris.add(uri);
    }
    return uris;
  }

  /** The characters of an agent's name have no meaning in a distinguished name. */
  static X500Principal commonName(AgentName name) {
    return new X500Principal("CN=" + name.text());
  }

  static AgentName nameIn(X500Principal subject) {
    Matcher name = COMMON_NAME.matcher(subject.getName(X500Principal.RFC2253));
    if (!name.matches()) {
      throw new IllegalArgumentException("its subject is no agent's name");
    }
    return new AgentName(name.group(1));
  }

  List<String> uris() {
    return List.of(id.uri(), role.uri());
  }

  private static RefusedException notAnAgent(String why) {
    return new RefusedException(
        Reason.CERTIFICATE_REFUSED,
        "the certificate is not one of an agent: " + why,
        "invite the agent and let it join again");
  }
}
