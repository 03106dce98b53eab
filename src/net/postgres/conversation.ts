import { isUtf8 } from "node:buffer";
import type { Duplex } from "node:stream";
import type { WireClient, WireGate } from "../../model/wire.js";
import type { Target } from "../request-target.js";
import { type Backend, openBackend } from "./backend.js";
import { BrokenStream, errorResponse } from "./frame.js";
import { Frontend, type Verdict } from "./frontend.js";
import { Inbound } from "./inbound.js";
import { Replies } from "./replies.js";

/** A client and its server, in the clear: below TLS where they speak it. */
export interface Ends {
  readonly client: Duplex;
  readonly server: Duplex;
}

export interface ConversationOptions {
  readonly gate: WireGate;
  readonly both: Ends;
  /** The client's first message, which the server has not seen yet. */
  readonly first: Buffer;
  /** What the first message says: `user`, `database`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly isEncrypted: boolean;
  readonly target: Target;
  readonly who: WireClient;
  /** How to withdraw what waits for a verdict, by `HOST:PORT:KEY`; this session's is there as long as it lasts. */
  readonly waiting: Map<string, () => void>;
}

/** One session, from its first message to its end: what the client says is judged on its way, the answers are passed on. */
export async function converse(options: ConversationOptions): Promise<void> {
  const { both, first, isEncrypted, target, waiting } = options;
  const replies = new Replies();
  let isBegun = false;
  let key: string | undefined;
  const statements = judgeStatements(options);
  const inbound = new Inbound(both.client, () => {
    statements.leave();
    if (!isBegun) both.server.destroy();
  });
  const backend = openBackend({
    ...{ server: both.server, client: both.client, replies, isEncrypted },
    onKey: (found) => {
      key = `${placeOf(target)}:${found}`;
      waiting.set(key, statements.withdraw);
    },
  });
  replies.sent({ type: "start" });
  both.server.write(first);
  const { judge } = statements;
  const frontend = new Frontend({ inbound, server: both.server, replies, backend, judge });
  both.server.once("close", () => replies.release());
  const run = async () => {
    isBegun = await backend.begun;
    if (isBegun) await frontend.run();
  };
  try {
    await passBoth(both, backend, run);
  } catch {
    both.client.destroy();
  } finally {
    both.server.destroy();
    if (key !== undefined) waiting.delete(key);
  }
}

/** `HOST:PORT`: a key is its server's own. */
export function placeOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

/** One statement waits for its verdict at a time. */
function judgeStatements({ gate, parameters, target, who }: ConversationOptions) {
  const user = parameters.get("user") ?? "";
  const database = parameters.get("database") || user;
  let withdraw = () => {};
  let isGone = false;
  return {
    judge: async (text: Buffer, unread: string | undefined): Promise<Verdict> => {
      const gone = new AbortController();
      withdraw = () => gone.abort();
      if (isGone) gone.abort();
      const decoded = isUtf8(text) ? text.toString("utf8") : text.toString("latin1");
      const statement = { ...target, database, user, text: decoded, unread };
      const answer = await gate.sql(statement, { ...who, gone: gone.signal });
      withdraw = () => {};
      return answer.allowed ? answer : { ...answer, cancelled: gone.signal.aborted };
    },
    /** Nobody wants the answer any more that is waited for now. */
    withdraw: () => withdraw(),
    /** The client has gone: nor any later one. */
    leave: () => {
      isGone = true;
      withdraw();
    },
  };
}

/** Both directions, to their ends. Rejects when the server's cannot be read. */
async function passBoth(both: Ends, backend: Backend, run: () => Promise<void>): Promise<void> {
  await Promise.all([
    backend.run().then(() => both.client.end()),
    run().catch((cause: unknown) => {
      if (cause instanceof BrokenStream)
        both.client.end(errorResponse("FATAL", "08P01", `holdpoint: ${cause.message}`, undefined));
      both.server.destroy();
    }),
  ]);
}
