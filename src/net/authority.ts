import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate authority for one session: its keys are in this process alone and are gone with it. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** What a server of that name is presented by; made once a name. */
  identityFor(host: string): Promise<Identity>;
}

/** In PEM, the certificate with the authority's behind it. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Valid for a day: a session's clients read its certificate from a file that might outlive it. */
export async function openAuthority(now: number = Date.now()): Promise<Authority> {
  cryptoProvider.set(webcrypto);
  const common = {
    notBefore: new Date(now - hour),
    notAfter: new Date(now + 24 * hour),
    signingAlgorithm: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  };
  const makeKeys = () => webcrypto.subtle.generateKey(common.signingAlgorithm, true, ["sign", "verify"]);
  // One key for all servers: to make one for each costs more than all the rest.
  const [own, servers] = await Promise.all([makeKeys(), makeKeys()]);
  const root = await X509CertificateGenerator.createSelfSigned({
    ...common,
    serialNumber: newSerial(),
    name: [{ CN: ["holdpoint session"] }],
    keys: own,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(own.publicKey),
    ],
  });
  const certificate = root.toString("pem");
  const key = KeyObject.from(servers.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  const identities = new Map<string, Promise<Identity>>();
  const make = async (host: string): Promise<Identity> => {
    const leaf = await X509CertificateGenerator.create({
      ...common,
      serialNumber: newSerial(),
      subject: [{ CN: [host.slice(0, 64)] }],
      issuer: root.subject,
      publicKey: servers.publicKey,
      signingKey: own.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        // Python has asked for it since 3.13.
        await AuthorityKeyIdentifierExtension.create(own.publicKey),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: isIP(host) ? "ip" : "dns", value: host }]),
      ],
    });
    return { key, cert: `${leaf.toString("pem")}\n${certificate}` };
  };
  return {
    certificate,
    identityFor: (host) => {
      let identity = identities.get(host);
      if (identity === undefined) {
        if (identities.size >= mostNames) identities.clear();
        identity = make(host);
        identities.set(host, identity);
        identity.catch(() => identities.delete(host));
      }
      return identity;
    },
  };
}

/** Positive, and of its own each time: RFC 5280, section 4.1.2.2. */
function newSerial(): string {
  return `01${randomBytes(15).toString("hex")}`;
}

const hour = 60 * 60 * 1000;
const mostNames = 1000;
