import { isUtf8 } from "node:buffer";
import { decodeBytes } from "../model/bytes.js";
import type { Stdin } from "../model/call.js";
import type { Request } from "../model/judgement.js";
import type { WireAnswer, WireClient, WireGate, WireRequest, WireSql, WireTunnel } from "../model/wire.js";
import { type Bench, describeFailure, judgeSafely } from "./bench.js";
import { showControls } from "./message.js";

/** What reaches the network layer, on the same way as every call: judged, recorded, asked about. */
export function createWireGate(bench: Bench): WireGate {
  return {
    request: (request, client) =>
      decide(bench, client, {
        tool: "net/request",
        words: [request.method, request.url],
        rest: [request.unread ?? "", ...request.headers.map(([name, value]) => `${name}: ${value}`)],
        stdin: bodyOf(request),
        text: showRequest(request),
      }),
    sql: (statement, client) => decide(bench, client, sqlCrossing(statement)),
    tunnel: (tunnel, client) =>
      decide(bench, client, {
        tool: "net/tunnel",
        words: [addressOf(tunnel), tunnel.reason],
        rest: [],
        stdin: { kind: "none" },
        text: `a connection to ${addressOf(tunnel)} that cannot be read: ${tunnel.reason}`,
      }),
  };
}

interface Crossing {
  readonly tool: string;
  /** What the record keeps. */
  readonly words: readonly string[];
  /** What only the judge sees. */
  readonly rest: readonly string[];
  readonly stdin: Stdin;
  readonly text: string;
}

async function decide(bench: Bench, client: WireClient, crossing: Crossing): Promise<WireAnswer> {
  const { tool, words, rest, stdin, text } = crossing;
  try {
    // Of the session, and of nobody in it: who sent it has told neither its folder nor its variables.
    const cwd = bench.world.session.workspace;
    const env = { layer: new Map<string, string>(), outer: undefined };
    const request: Request = { door: "exec", tool, argv: [tool, ...words, ...rest], cwd, env, stdin };
    const judgement = await judgeSafely(bench, request);
    const owner = judgement.verdict === "allow" ? undefined : client.owner();
    const line = bench.lines.find(client.token);
    const outcome = await bench.decisions.decide({
      ...{ judgement, line, cwd: owner?.cwd ?? cwd },
      text: () => (owner === undefined ? text : `${owner.program} (process ${owner.pid}): ${text}`),
      record: {
        ...{ event: "exec", argv: [tool, ...words], cwd: owner?.cwd ?? cwd },
        ...(owner === undefined ? {} : { pid: owner.pid }),
      },
      uses: true,
      mode: bench.mode,
      process: owner ?? { pid: 0, parentPid: 0 },
      caller: { gone: client.gone },
    });
    return outcome.allowed ? { allowed: true } : { allowed: false, message: outcome.message };
  } catch (cause) {
    const text = `holdpoint: denied: the guard failed on this request, so it was not sent: ${describeFailure(cause)}`;
    return { allowed: false, message: showControls(bench.redact(text)) };
  }
}

function sqlCrossing({ host, port, database, user, text, unread }: WireSql): Crossing {
  const shown = text.length > shownBytes ? `${text.slice(0, shownBytes)} …` : text;
  return {
    tool: "net/sql",
    words: [host, String(port), database, user, unread ?? "", shown],
    rest: [],
    stdin: text === "" ? { kind: "none" } : { kind: "text", text, from: "spool" },
    text: shown === "" ? `a statement for ${addressOf({ host, port })}: ${unread}` : shown,
  };
}

function bodyOf({ body }: WireRequest): Stdin {
  if (body.length === 0) return { kind: "none" };
  return { kind: "text", text: textOf(body), from: "spool" };
}

/** The way people write requests down: the first line, and what it sends. */
function showRequest({ method, url, body, unread }: WireRequest): string {
  const shown = textOf(body.subarray(0, shownBytes));
  const more = body.length > shownBytes || unread !== undefined ? " …" : "";
  return body.length === 0 ? `${method} ${url}` : `${method} ${url}\n${shown}${more}`;
}

const shownBytes = 4096;

function textOf(bytes: Uint8Array): string {
  return isUtf8(bytes) ? Buffer.from(bytes).toString("utf8") : decodeBytes(bytes);
}

function addressOf({ host, port }: Pick<WireTunnel, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
