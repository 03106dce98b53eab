import { isUtf8 } from "node:buffer";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WireClient, WireGate } from "../../model/wire.js";
import type { ClientHello } from "../client-hello.js";
import { readBeginning } from "../first-bytes.js";
import { splice } from "../splice.js";
import { openBackend } from "./backend.js";
import { denial } from "./denial.js";
import { BrokenStream, errorResponse } from "./frame.js";
import { Frontend, type Verdict } from "./frontend.js";
import { Inbound } from "./inbound.js";
import { Replies } from "./replies.js";
import { readStartup, type Startup } from "./startup.js";
import { type TlsOptions, tlsOpener } from "./tls.js";

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

  return async ({ client, server, target, who, hello }) => {
    const closeBoth = () => {
      client.destroy();
      server.destroy();
    };
    client.once("close", closeBoth);
    // Drivers send small messages one by one; waiting for the answer to the one before would cost 40 ms each.
    client.setNoDelay();
    server.setNoDelay();
    const place = `${target.host}:${target.port}`;
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
          server.write(startup.bytes);
          const answer = await readAnswer(server);
          if (answer === "N") client.write(answer);
          else if (answer !== "S") return closeBoth();
          else {
            client.write(answer);
            const beginning = await readBeginning(client, greetsWithin);
            if (beginning.kind !== "tls") return closeBoth();
            ends = await encrypt(client, server, beginning.hello, target.host);
          }
          continue;
        }
        case "cancel": {
          const withdraw = waiting.get(`${place}:${startup.bytes.toString("hex", 8)}`);
          // A key of another length has room for the commands of another kind of server.
          if (withdraw === undefined && startup.bytes.length !== 16) return closeBoth();
          withdraw?.();
          // Nothing comes behind it, in either direction, but for the end.
          (ends?.server ?? server).end(startup.bytes).pipe(ends?.client ?? client);
          return;
        }
        case "session":
        case "unknown":
          return serve(ends ?? { client, server }, startup, ends !== undefined);
        default:
          return closeBoth();
      }
    }
    closeBoth();

    async function serve(
      both: { readonly client: Duplex; readonly server: Duplex },
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
      await talk(both, startup.bytes, parameters, isEncrypted);
    }

    async function talk(
      both: { readonly client: Duplex; readonly server: Duplex },
      first: Buffer,
      parameters: ReadonlyMap<string, string>,
      isEncrypted: boolean,
    ): Promise<void> {
      const replies = new Replies();
      const user = parameters.get("user") ?? "";
      const database = parameters.get("database") || user;
      let withdraw = () => {};
      let isGone = false;
      let isBegun = false;
      let key: string | undefined;
      const inbound = new Inbound(both.client, () => {
        isGone = true;
        withdraw();
        if (!isBegun) both.server.destroy();
      });
      const judge = async (text: Buffer, unread: string | undefined): Promise<Verdict> => {
        const gone = new AbortController();
        withdraw = () => gone.abort();
        if (isGone) gone.abort();
        const decoded = isUtf8(text) ? text.toString("utf8") : text.toString("latin1");
        const statement = { ...target, database, user, text: decoded, unread };
        const answer = await gate.sql(statement, { ...who, gone: gone.signal });
        withdraw = () => {};
        return answer.allowed ? answer : { ...answer, cancelled: gone.signal.aborted };
      };
      const backend = openBackend({
        ...{ server: both.server, client: both.client, replies, isEncrypted },
        onKey: (found) => {
          key = `${place}:${found}`;
          waiting.set(key, () => withdraw());
        },
      });
      replies.sent({ type: "start" });
      both.server.write(first);
      const frontend = new Frontend({ inbound, server: both.server, replies, backend, judge });
      both.server.once("close", () => replies.release());
      const run = async () => {
        isBegun = await backend.begun;
        if (isBegun) await frontend.run();
      };
      try {
        await Promise.all([
          backend.run().then(() => both.client.end()),
          run().catch((cause: unknown) => {
            if (cause instanceof BrokenStream)
              both.client.end(errorResponse("FATAL", "08P01", `holdpoint: ${cause.message}`, undefined));
            both.server.destroy();
          }),
        ]);
      } catch {
        both.client.destroy();
      } finally {
        both.server.destroy();
        if (key !== undefined) waiting.delete(key);
      }
    }
  };
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
