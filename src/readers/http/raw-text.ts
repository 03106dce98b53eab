import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type HttpEffect, opaqueEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import { toolName } from "../file-effects.js";
import { openInputs, stdinFile } from "../inputs.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import type { ApiTable } from "./api-table.js";
import { leaveToShim, plainRequest, readRequest } from "./http-request.js";
import { parseRawHttp, type RawRequest } from "./raw-http.js";
import { pipedSecrets, sentFiles } from "./sent-files.js";

/** The far end of a connection. */
export interface Destination {
  /** `unix:/path` for a socket of this machine. */
  readonly host: string;
  readonly port: string;
  readonly isTls: boolean;
}

/**
 * What a program does that passes its stdin on as it is. A text that is known is read as the request that it is. One that is
 * not is most often a file, a tunnel or somebody's typing: it is waited for, and left alone if it does not come.
 */
export function readRawStdin(call: Call, world: World, to: Destination, apis: ApiTable): Reading {
  const { stdin } = call;
  if (stdin.kind === "terminal" || stdin.kind === "none") return nothing;
  const inputs = openInputs(call, world);
  const text = inputs.readText("-");
  const file = resolvePath(call, world, stdinFile(call));
  const tool = toolName(call);
  const place = { host: to.host, path: "", method: "TCP" };
  const named = file !== undefined && isKnown(file) && !file.startsWith("/dev/") ? [file] : [];
  const isFar = !to.host.startsWith("unix:");
  const sent = effects(
    ...sentFiles(tool, new Set([...named, ...(isFar ? pipedSecrets(call, world) : [])]), world, place),
  );
  if (isKnown(text)) return join(sent, readRawText(text, to, call, world, apis));
  const isWaited = isOrderly(to) && stdin.kind === "unknown";
  const hidden = opaqueEffect(tool, showPlace(to), `what it sends cannot be foreseen: ${text.reason}`);
  return {
    effects: [...sent.effects, ...(isWaited && call.sight === "never" ? [hidden] : [])],
    inner: [],
    wantsStdin: isWaited,
  };
}

/** Ports where text is an order: HTTP and the stores that speak in lines. */
function isOrderly({ host, port }: Destination): boolean {
  return host.startsWith("unix:") || orderly.has(port);
}

const orderly: ReadonlySet<string> = new Set(
  (
    "80 443 2375 2376 3000 4000 4200 5000 5601 5984 6379 6380 7700 8000 8001 8008 8080 8081 8086 8088 8090 8200 8443 8500 8888 " +
    "9000 9090 9091 9093 9200 9999 11211 11300 15672 http https redis memcached"
  ).split(" "),
);

export function readRawText(
  text: string,
  to: Destination,
  call: Call,
  world: World,
  apis: ApiTable,
): Reading {
  const requests = parseRawHttp(text);
  if (requests.length > 0) {
    const found = requests.flatMap((request) => readOne(request, to, call, world, apis));
    return effects(...leaveToShim(call, found));
  }
  if (isRedis(text, to)) {
    const server = to.host.startsWith("unix:") ? ["-s", to.host.slice(5)] : ["-h", to.host, "-p", to.port];
    const stdin = { kind: "text", text: fromResp(text), from: "pipe" } as const;
    return inner({
      kind: "call",
      argv: ["redis-cli", ...server],
      via: toolName(call),
      sight: "never",
      stdin,
    });
  }
  return effects(...readLines(text, to, toolName(call)));
}

function readOne(request: RawRequest, to: Destination, call: Call, world: World, apis: ApiTable) {
  const { headers, body, method, target } = request;
  const named = headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  const isSocket = to.host.startsWith("unix:");
  const port = to.port === "" || to.port === "80" || to.port === "443" ? "" : `:${to.port}`;
  const address = to.host.includes(":") ? `[${to.host}]` : to.host;
  const host = named ?? (isSocket ? "localhost" : `${address}${port}`);
  const scheme = to.isTls ? "https" : "http";
  const isWhole = /^[a-z]+:\/\//i.test(target);
  const url = isWhole ? target : `${scheme}://${host}${target.startsWith("/") ? "" : "/"}${target}`;
  return readRequest(
    {
      ...plainRequest,
      tool: toolName(call),
      method,
      url,
      headers,
      body: body === "" ? undefined : body,
      credentials: requestCredentials(call, world, { url, headers: namedHeaders(headers), body }),
      // Whatever the Host header says, this is who gets it.
      server: isSocket || named !== undefined || isWhole ? to.host : undefined,
    },
    apis,
  );
}

function isRedis(text: string, { host, port }: Destination): boolean {
  return (
    /^(6379|6380|redis)$/.test(port) ||
    /redis/i.test(host) ||
    /^\*\d+\r?\n\$\d+\r?\n/.test(text) ||
    /^\s*(auth\s+\S+\s+)?(flushall|flushdb)\b/i.test(text)
  );
}

/** `*2\r\n$3\r\nDEL\r\n$1\r\nx\r\n` is `DEL x`. */
function fromResp(text: string): string {
  if (!/^\*\d+\r?\n/.test(text)) return text;
  const words = text.split(/\r?\n/);
  const lines: string[] = [];
  for (let at = 0; at < words.length; ) {
    const [, count] = /^\*(\d+)$/.exec(words[at] ?? "") ?? [];
    if (count === undefined) break;
    const end = at + 1 + Number(count) * 2;
    const values = words.slice(at + 1, end).filter((_, place) => place % 2 === 1);
    lines.push(values.map((value) => (/^[\w.:*-]+$/.test(value) ? value : JSON.stringify(value))).join(" "));
    at = end;
  }
  return lines.join("\n");
}

/** More is a file, not orders. */
const maxOrders = 30;

/** Protocols of lines: memcached, the sockets of HAProxy and others, FTP by hand. */
function readLines(text: string, to: Destination, tool: string): readonly HttpEffect[] {
  const lines = text
    .slice(0, 8192)
    .split(/[\r\n;]+/)
    .filter((line) => line.trim() !== "");
  if (lines.length > maxOrders) return [];
  return lines.flatMap((line): readonly HttpEffect[] => {
    const order = line.trim();
    const isDestructive = destructive.test(order);
    if (!isDestructive) return [];
    const [word = ""] = order.split(/\s/);
    return [
      {
        ...plainEffect(tool, "delete", `${showPlace(to)} ${order.slice(0, 200)}`),
        resource: "http",
        method: word.toUpperCase(),
        host: to.host,
        path: "",
        extent: { kind: "exact", count: 1, unit: "requests" },
        because: `sends the order "${word}" to ${to.host}`,
      },
    ];
  });
}

const destructive =
  /^(flush_all|delete|dele|rmd|del|drop|purge|destroy|wipe|erase|truncate|clear (map|acl|table)|shutdown|disable|kill|terminate|system_(powerdown|reset)|set server \S+ state (maint|drain))\b/i;

function showPlace({ host, port }: Destination): string {
  return port === "" ? host : `${host}:${port}`;
}
