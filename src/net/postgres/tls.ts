import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { type Authority, openAuthority } from "../authority.js";
import type { ClientHello } from "../client-hello.js";
import { secure } from "../dial.js";

/** What clients are shown (`authority`), and what servers are held to (`trust`). */
export interface TlsOptions {
  readonly authority: Authority;
  readonly trust: SecureContext;
}

/** Both connections with TLS on them: read and written in the clear here. */
export interface Both {
  readonly client: Duplex;
  readonly server: Duplex;
  /** The server said that it speaks PostgreSQL, as one has to that is greeted by TLS. */
  readonly isAgreed: boolean;
}

/**
 * TLS on both sides. What the client would have found out about the server's certificate it finds out about ours: one that
 * nobody vouches for is presented by one that nobody vouches for, one of another name by one of that name. `sslmode=require`
 * goes on then as it would without us, and `verify-full` does not.
 */
export function tlsOpener({ authority, trust }: TlsOptions) {
  let strangers: Promise<Authority> | undefined;
  return async (client: Socket, server: Socket, hello: ClientHello, host: string): Promise<Both> => {
    const protocols = hello.protocols.filter((name) => name === "postgresql");
    const secured = await secure(server, { serverName: hello.serverName, host, protocols, trust });
    const named = hello.serverName ?? host;
    strangers ??= secured.authorized ? undefined : openAuthority();
    const identity = secured.authorized
      ? await authority.identityFor(named)
      : isOtherName(secured)
        ? await authority.identityFor(nameOf(secured) ?? "unnamed.invalid")
        : await (await (strangers ?? openAuthority())).identityFor(named);
    const opened = new TLSSocket(client, {
      isServer: true,
      ...identity,
      ...(protocols.length > 0 ? { ALPNProtocols: protocols } : {}),
    });
    opened.on("error", () => opened.destroy());
    return { client: opened, server: secured, isAgreed: secured.alpnProtocol === "postgresql" };
  };
}

/** Of those who vouch, Node asks first. */
function isOtherName({ authorizationError }: TLSSocket): boolean {
  return String(authorizationError).includes("ERR_TLS_CERT_ALTNAME_INVALID");
}

function nameOf(secured: TLSSocket): string | undefined {
  const { subject, subjectaltname = "" } = secured.getPeerCertificate();
  const [, name = [subject?.CN].flat()[0]] = /DNS:([^,\s"]+)/.exec(subjectaltname) ?? [];
  return name;
}
