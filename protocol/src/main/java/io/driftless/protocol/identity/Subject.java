package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * Whom a certificate is about.
 *
 * <p>In a certificate the name is the common name; id and role are the two URIs of the subject
 * alternative name, and there are no other names. Decisions rest on the URIs.
 *
 * @param role the sort of agent: a source dials, a target listens
 */
public record Subject(AgentId id, AgentName name, Role role) {
  private static final int URI = GeneralName.uniformResourceIdentifier;

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
      byte[] subject = certificate.getSubjectX500Principal().getEncoded();
      return new Subject(
          AgentId.ofUri(uris.get(0)),
          nameIn(X500Name.getInstance(subject)),
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

  static X500Name commonName(AgentName name) {
    return new X500NameBuilder().addRDN(BCStyle.CN, name.text()).build();
  }

  static AgentName nameIn(X500Name subject) {
    RDN[] names = subject.getRDNs(BCStyle.CN);
    if (names.length != 1 || names[0].isMultiValued()) {
      throw new IllegalArgumentException("it has no common name");
    }
    return new AgentName(names[0].getFirst().getValue().toString());
  }

  GeneralNames alternativeNames() {
    return new GeneralNames(
        new GeneralName[] {new GeneralName(URI, id.uri()), new GeneralName(URI, role.uri())});
  }

  private static RefusedException notAnAgent(String why) {
    return new RefusedException(
        Reason.CERTIFICATE_REFUSED,
        "the certificate is not one of an agent: " + why,
        "invite the agent and let it join again");
  }
}
