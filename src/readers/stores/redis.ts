import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { percentDecoded } from "../../model/bare-secret.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import {
  credential,
  environmentCredentials,
  unforeseenCredentials,
  wordCredentials,
} from "../credentials/credential.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { effects, nothing, type Reader, type Reading } from "../reader.js";
import { readTexts } from "../sql/client-texts.js";
import { type Server, sqlEffect } from "../sql/effects.js";
import { type RedisContext, readCommand } from "./redis-commands.js";
import { readScript } from "./redis-script.js";

/** redis-cli and its kin: one command as words, one a line on stdin, a script by `--eval`, orders to a cluster. */
export const redis: Reader = {
  names: ["redis-cli", "valkey-cli", "keydb-cli", "iredis"],
  read(call, world) {
    const words = readWords(call);
    if (words.shows) return readShown(words, call, world);
    const context = { server: findServer(call, world, words), sight: call.sight, now: world.now?.() };
    const script = words.options.get("--eval");
    if (script !== undefined)
      return readInput(script, call, world, (text) => readScript(text, context.server));
    if (words.options.has("--cluster")) return effects(...readCluster(words, context));
    if (words.command.length > 0) return effects(...readCommand(words.command, context));
    return readInput("-", call, world, (text) =>
      readLines(text).flatMap((line) => readCommand(line, context)),
    );
  },
};

interface Words {
  readonly options: ReadonlyMap<string, Arg>;
  readonly command: readonly Arg[];
  /** Only shows something: --stat, --scan, --bigkeys. */
  readonly shows: boolean;
}

const valued: ReadonlySet<string> = new Set(
  "-h -p -s -a -u -r -i -n -d -D -t -X --user --pass --rdb --functions-rdb --pattern --quoted-pattern --count --cursor --cert --key --cacert --cacertdir --sni --tls-ciphers --tls-ciphersuites --eval --show-pushes --cluster --pipe-timeout --memkeys-samples --intrinsic-latency --lru-test --top --url --password --host --port --db --newbie --rainbow --decode".split(
    " ",
  ),
);
const showing =
  "--stat --scan --bigkeys --memkeys --keystats --hotkeys --latency --latency-history --latency-dist --intrinsic-latency --rdb --functions-rdb --replica --slave --version --help -v".split(
    " ",
  );

function readWords(call: Call): Words {
  const options = new Map<string, Arg>();
  const { argv } = call;
  let at = 1;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (!isKnown(word) || !word.startsWith("-")) break;
    const isValued = valued.has(word);
    options.set(word, isValued ? (argv[at + 1] ?? "") : "");
    if (isValued) at += 1;
  }
  return { options, command: argv.slice(at), shows: showing.some((name) => options.has(name)) };
}

/** `--rdb dump.rdb` copies the whole store into a file here. */
function readShown(words: Words, call: Call, world: World): Reading {
  const file = words.options.get("--rdb") ?? words.options.get("--functions-rdb");
  if (file === undefined || file === "-") return nothing;
  const tool = toolName(call);
  return effects(...readPaths(call, world, [file], "overwrite", (path) => overwriting(tool, path, world)));
}

function readInput(file: Arg, call: Call, world: World, read: (text: string) => readonly Effect[]): Reading {
  const input = readTexts(call, world, [{ file }]);
  return {
    effects: [...input.effects, ...input.texts.flatMap(read)],
    inner: [],
    wantsStdin: input.wantsStdin,
  };
}

function findServer(call: Call, world: World, words: Words): Server {
  const text = (...names: readonly string[]): string | undefined => {
    const word = names.map((name) => words.options.get(name)).find((value) => value !== undefined);
    return word === undefined || word === "" ? undefined : showArg(word);
  };
  const url = text("-u", "--url");
  const uri = /^(?:rediss?|valkeys?):\/\/(?:([^@/]*)@)?([^:/?]*)(?::(\d+))?(?:\/(\d+))?/.exec(url ?? "");
  // A URL that cannot be foreseen must not pass for this machine.
  const host = uri?.[2] || url || text("-h", "--host") || "localhost";
  const port = uri?.[3] ?? text("-p", "--port") ?? "6379";
  return {
    tool: toolName(call),
    engine: "redis",
    host: port === "6379" ? host : `${host}:${port}`,
    database: uri?.[4] ?? text("-n", "--db") ?? "0",
    credentials: findCredentials(uri?.[1], words, call, world),
  };
}

/** A URL's login (`:secret@`, `user:secret@`), else `-a`, else the variable. */
function findCredentials(
  login: string | undefined,
  words: Words,
  call: Call,
  world: World,
): Server["credentials"] {
  const [, inUrl] = login === undefined ? [] : (/^(?:[^:]*:)?(.*)$/s.exec(login) ?? []);
  if (inUrl !== undefined && inUrl !== "")
    return [credential(call, world, "password", percentDecoded(inUrl))];
  const given = ["-a", "--pass", "--password"].map((name) => words.options.get(name)).find(Boolean);
  const url = words.options.get("-u") ?? words.options.get("--url");
  if (url !== undefined && !isKnown(url)) return unforeseenCredentials("url", url, "?");
  return given !== undefined
    ? wordCredentials(call, world, "password", given)
    : environmentCredentials(call, world, ["REDISCLI_AUTH"]);
}

/** `--cluster del-node host:port id`; `call` sends a command to every node. */
function readCluster(words: Words, context: RedisContext): readonly Effect[] {
  const order = showArg(words.options.get("--cluster") ?? "").toLowerCase();
  const [node = "", ...rest] = words.command;
  const server = { ...context.server, host: showArg(node) || context.server.host };
  const because = clusterOrders.get(order);
  if (order === "call")
    return readCommand(
      rest.filter((word) => !isKnown(word) || !word.startsWith("--cluster")),
      { ...context, server },
    );
  if (order === "import" && !words.command.includes("--cluster-replace")) return [];
  if (because === undefined) return [];
  return [
    sqlEffect(server, { action: "execute", statement: `CLUSTER ${order}`, target: showArg(node), because }),
  ];
}

const clusterOrders: ReadonlyMap<string, string> = new Map([
  ["del-node", "takes a node out of the cluster and resets it"],
  ["reshard", "moves slots between nodes"],
  ["rebalance", "moves slots between nodes"],
  ["fix", "may drop keys of slots that two nodes hold"],
  ["import", "replaces keys of the same name"],
]);

/** One command a line, quoted as redis-cli quotes; for `--pipe` the protocol itself: `*1`, `$8`, `FLUSHALL`. */
function readLines(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [];
  let left = 0;
  for (const line of text.split(/\r?\n/)) {
    const count = left > 0 ? null : /^\*(\d{1,6})$/.exec(line);
    if (count !== null) {
      left = Number(count[1]);
      commands.push([]);
    } else if (left > 0) {
      if (/^\$\d+$/.test(line)) continue;
      commands.at(-1)?.push(line);
      left -= 1;
    } else if (line.trim() !== "") commands.push(splitLine(line));
  }
  return commands;
}

function splitLine(line: string): string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S+)/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? "",
  );
}
