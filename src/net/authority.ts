import { isIP } from "node:net";
import { generate } from "selfsigned";

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
  const validity = { notBeforeDate: new Date(now - hour), notAfterDate: new Date(now + 24 * hour) };
  const common = { keyType: "ec", algorithm: "sha256", ...validity } as const;
  const root = await generate([{ name: "commonName", value: "holdpoint session" }], {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  let keyPair: { readonly privateKey: string; readonly publicKey: string } | undefined;
  const identities = new Map<string, Promise<Identity>>();
  const make = async (host: string): Promise<Identity> => {
    const leaf = await generate([{ name: "commonName", value: host.slice(0, 64) }], {
      ...common,
      ...(keyPair === undefined ? {} : { keyPair }),
      ca: { key: root.private, cert: root.cert },
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: [isIP(host) ? { type: 7, ip: host } : { type: 2, value: host }] },
      ],
    });
    // One key for all: to make one costs more than all the rest.
    keyPair ??= { privateKey: leaf.private, publicKey: leaf.public };
    return { key: leaf.private, cert: `${leaf.cert}\n${root.cert}` };
  };
  return {
    certificate: root.cert,
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

const hour = 60 * 60 * 1000;
const mostNames = 1000;
