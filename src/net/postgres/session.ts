import type { Socket } from "node:net";
import type { WireClient, WireGate } from "../../model/wire.js";
import type { ClientHello } from "../client-hello.js";
import { readBeginning } from "../first-bytes.js";
import { splice } from "../splice.js";
import { converse, type Ends, placeOf } from "./conversation.js";
import { denial } from "./denial.js";
import { Inbound } from "./inbound.js";
import { readStartup, type Startup } from "./startup.js";
import { type TlsOptions, tlsOpener } from "./tls.js";

/** Who decides, and who vouches for servers. */
export interface PostgresOptions extends TlsOptions {
  readonly gate: WireGate;
}

/** A client of PostgreSQL and the connection that was made for it. */
export interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly who: WireClient;
  /** It begins with TLS, as PostgreSQL 17 allows. */
  readonly hello: ClientHello | undefined;
}

/** Serves the protocol of PostgreSQL between clients and servers: what would run is judged before it leaves. */
export function openPostgres({ gate, authority, trust }: PostgresOptions): (pair: Pair) => Promise<void> {
  const encrypt = tlsOpener({ authority, trust });
  /** How to withdraw what waits for a verdict, by the session's key at its server. */
  const waiting = new Map<string, () => void>();

  return async (pair) => {
    const { client, server, target, hello } = pair;
    const closeBoth = () => {
      client.destroy();
      server.destroy();
    };
    client.once("close", closeBoth);
    // Drivers send small messages one by one; waiting for the answer to the one before would cost 40 ms each.
    client.setNoDelay();
    server.setNoDelay();
    let ends = hello === undefined ? undefined : await encrypt(client, server, hello, target.host);
    if (ends !== undefined && !ends.isAgreed) return closeBoth();
    for (let rounds = 0; rounds < 4; rounds += 1) {
      const startup = await readStartup(ends?.client ?? client);
      switch (startup?.kind) {
        case "gss":
          (ends?.client ?? client).write("N");
          continue;
        case "tls": {
          // What came before the answer came without TLS: nobody is to take it for what was said under it.
          if (ends !== undefined || client.readableLength > 0) return closeBoth();
          const agreed = await agreeOnTls(pair, startup.bytes);
          if (agreed === "closed") return closeBoth();
          if (agreed !== "plain") ends = await encrypt(client, server, agreed, target.host);
          continue;
        }
        case "cancel": {
          const withdraw = waiting.get(`${placeOf(target)}:${startup.bytes.toString("hex", 8)}`);
          // A key of another length has room for the commands of another kind of server.
          if (withdraw === undefined && startup.bytes.length !== 16) return closeBoth();
          withdraw?.();
          // Nothing comes behind it, in either direction, but for the end.
          (ends?.server ?? server).end(startup.bytes).pipe(ends?.client ?? client);
          return;
        }
        case "session":
        case "unknown":
          return serve(ends ?? { client, server }, pair, startup, ends !== undefined);
        default:
          return closeBoth();
      }
    }
    closeBoth();
  };

  async function serve(
    both: Ends,
    { target, who }: Pair,
    startup: Startup & { readonly kind: "session" | "unknown" },
    isEncrypted: boolean,
  ): Promise<void> {
    const reason = unreadable(startup);
    if (reason !== undefined) {
      const answer = await gate.tunnel({ ...target, reason }, who);
      if (!answer.allowed) {
        both.client.end(denial(answer));
        return;
      }
      both.server.write(startup.bytes);
      splice(both.client, both.server);
      return;
    }
    const parameters = startup.kind === "session" ? startup.parameters : new Map<string, string>();
    await converse({ gate, both, first: startup.bytes, parameters, isEncrypted, target, who, waiting });
  }
}

/** As the server answers a client that wants TLS: its greeting, or that they go on in the clear. */
async function agreeOnTls(
  { client, server }: Pair,
  request: Buffer,
): Promise<ClientHello | "plain" | "closed"> {
  server.write(request);
  const answer = await readAnswer(server);
  if (answer !== "N" && answer !== "S") return "closed";
  client.write(answer);
  if (answer === "N") return "plain";
  const beginning = await readBeginning(client, greetsWithin);
  return beginning.kind === "tls" ? beginning.hello : "closed";
}

/** Why what is said in such a session is passed on without a look, if a person allows it. */
function unreadable(startup: Startup): string | undefined {
  if (startup.kind !== "session") return "its version of PostgreSQL's protocol is not known";
  if ([...startup.parameters].flat().some((word) => /[\r\n]/.test(word))) return "its greeting holds lines";
  const replication = startup.parameters.get("replication") ?? "off";
  return /^(off|false|no|0|f|n)$/i.test(replication) ? undefined : "it is a connection for replication";
}

/** The one byte that says whether the server wants TLS. More would have been said without it. */
async function readAnswer(server: Socket): Promise<string | undefined> {
  const inbound = new Inbound(server);
  const answer = await inbound.take(1);
  const { waiting } = inbound;
  inbound.release();
  return waiting > 0 ? undefined : answer?.toString("latin1");
}

/** Milliseconds. */
const greetsWithin = 60_000;
