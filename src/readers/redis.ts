import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Action, type Effect, opaqueEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { readTexts } from "./client-texts.js";
import { toolName } from "./file-effects.js";
import type { Reader } from "./reader.js";
import { type Server, sqlEffect } from "./sql-effects.js";

/** redis-cli and valkey-cli: one command as words, or one a line on stdin. */
export const redis: Reader = {
  names: ["redis-cli", "valkey-cli"],
  read(call, world) {
    const words = readWords(call);
    const server = findServer(call, world, words);
    if (words.command.length > 0) {
      return { effects: readCommand(words.command, server, call), inner: [], wantsStdin: false };
    }
    if (words.shows) return { effects: [], inner: [], wantsStdin: false };
    const script = words.options.get("--eval");
    const input = readTexts(call, world, [{ file: script ?? "-" }]);
    const effects = input.texts.flatMap((text) =>
      script === undefined
        ? text.split("\n").flatMap((line) => readCommand(splitLine(line), server, call))
        : readScript(text, server),
    );
    return { effects: [...input.effects, ...effects], inner: [], wantsStdin: input.wantsStdin };
  },
};

interface Words {
  readonly options: ReadonlyMap<string, Arg>;
  readonly command: readonly Arg[];
  /** Only shows something: --stat, --scan, --bigkeys. */
  readonly shows: boolean;
}

const valued: ReadonlySet<string> = new Set(
  "-h -p -s -a -u -r -i -n -d -D -t --user --pass --rdb --functions-rdb --pattern --quoted-pattern --count --cert --key --cacert --cacertdir --sni --eval --show-pushes --cluster".split(
    " ",
  ),
);

function readWords(call: Call): Words {
  const options = new Map<string, Arg>();
  const { argv } = call;
  let at = 1;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (!isKnown(word) || !word.startsWith("-")) break;
    options.set(word, valued.has(word) ? (argv[at + 1] ?? "") : "");
    if (valued.has(word)) at += 1;
  }
  const shows = [
    "--stat",
    "--scan",
    "--bigkeys",
    "--memkeys",
    "--hotkeys",
    "--latency",
    "--rdb",
    "--version",
    "--help",
  ];
  return {
    options,
    command: options.has("--eval") ? [] : argv.slice(at),
    shows: shows.some((name) => options.has(name)),
  };
}

function findServer(call: Call, world: World, words: Words): Server {
  const text = (name: string): string | undefined => {
    const word = words.options.get(name);
    return word === undefined ? undefined : showArg(word);
  };
  const uri = /^rediss?:\/\/(?:([^@]*)@)?([^:/?]*)(?::(\d+))?(?:\/(\d+))?/.exec(text("-u") ?? "");
  const host = uri?.[2] ?? text("-h") ?? "localhost";
  const port = uri?.[3] ?? text("-p") ?? "6379";
  const auth = envGet(call.env, "REDISCLI_AUTH");
  const literal = uri?.[1] ?? text("-a") ?? text("--pass");
  const credentials =
    literal !== undefined
      ? [{ name: "password", from: "literal", fingerprint: world.fingerprint(literal) }]
      : auth !== undefined && isKnown(auth)
        ? [{ name: "REDISCLI_AUTH", from: "env:REDISCLI_AUTH", fingerprint: world.fingerprint(auth) }]
        : [];
  return {
    tool: toolName(call),
    engine: "redis",
    host: port === "6379" ? host : `${host}:${port}`,
    database: uri?.[4] ?? text("-n") ?? "0",
    credentials,
  };
}

function readCommand(words: readonly Arg[], server: Server, call: Call): readonly Effect[] {
  const [first, ...rest] = words;
  if (first === undefined || first === "") return [];
  if (!isKnown(first))
    return call.sight === "later" ? [] : [opaqueEffect(server.tool, first.source, first.reason)];
  const name = first.toUpperCase();
  if (/^\d+$/.test(name)) return readCommand(rest, server, call);
  const sub = rest[0] === undefined ? "" : showArg(rest[0]).toUpperCase();
  const statement = withSubcommand.has(name) ? `${name} ${sub}` : name;
  if (/^(EVAL|FCALL)(_RO|SHA)?$|^EVALSHA_RO$/.test(name)) {
    if (name.endsWith("_RO")) return [];
    const script = rest[0];
    if (name !== "EVAL" || script === undefined || !isKnown(script))
      return [opaqueEffect(server.tool, statement, "runs a script that the server holds")];
    return readScript(script, server);
  }
  const action = acting.get(statement);
  if (action === undefined) return [];
  const whole = /^(FLUSHALL|FLUSHDB|SWAPDB|CLUSTER RESET)$/.test(statement);
  const keys = whole ? [] : rest.slice(name === statement ? 0 : 1);
  const nameless =
    action === "execute" ? "the server" : `database ${statement === "FLUSHALL" ? "all" : server.database}`;
  const targets = keys.length === 0 ? [nameless] : keys.map(showArg);
  return (name === "DEL" || name === "UNLINK" ? targets : [targets[0] ?? ""]).map((target) =>
    sqlEffect(server, { action, statement, target, restricted: !whole }),
  );
}

/** Lua: any call of a command that loses something. */
function readScript(text: string, server: Server): readonly Effect[] {
  const words = text.toUpperCase().split(/[^A-Z]+/);
  const found = words.find((word) => acting.get(word) === "delete");
  return found === undefined
    ? []
    : [opaqueEffect(server.tool, text.trim().slice(0, 200), `a script that says ${found}`)];
}

function splitLine(line: string): readonly string[] {
  return [...line.matchAll(/"((?:\\.|[^"])*)"|'((?:\\.|[^'])*)'|(\S+)/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? "",
  );
}

const withSubcommand: ReadonlySet<string> = new Set([
  "CONFIG",
  "ACL",
  "SCRIPT",
  "FUNCTION",
  "MODULE",
  "CLUSTER",
  "DEBUG",
]);

/** From the categories @dangerous and @write; what only changes one value is left out. */
const acting: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["FLUSHALL", "delete"],
  ["FLUSHDB", "delete"],
  ["DEL", "delete"],
  ["UNLINK", "delete"],
  ["GETDEL", "delete"],
  ["SWAPDB", "modify"],
  ["RESTORE", "modify"],
  ["MIGRATE", "send"],
  ["SHUTDOWN", "execute"],
  ["FAILOVER", "execute"],
  ["REPLICAOF", "delete"],
  ["SLAVEOF", "delete"],
  ["CONFIG SET", "modify"],
  ["CONFIG REWRITE", "modify"],
  ["ACL SETUSER", "grant"],
  ["ACL DELUSER", "grant"],
  ["MODULE LOAD", "execute"],
  ["FUNCTION FLUSH", "delete"],
  ["FUNCTION DELETE", "delete"],
  ["CLUSTER RESET", "delete"],
  ["CLUSTER FORGET", "execute"],
  ["DEBUG SEGFAULT", "execute"],
  ["DEBUG RELOAD", "execute"],
]);
