import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { readTexts } from "./client-texts.js";
import { toolName } from "./file-effects.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions } from "./options.js";
import type { Reader } from "./reader.js";
import { type Deed, type Server, sqlEffect } from "./sql-effects.js";

/** mongosh and mongo: JavaScript by `--eval`, from files, or on stdin. Only plain calls are read. */
export const mongo: Reader = {
  names: ["mongosh", "mongo"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version")) return { effects: [], inner: [], wantsStdin: false };
    const scripts = options.operands.filter((word) => isKnown(word) && /\.(js|mongodb|mjs)$/.test(word));
    const place = options.operands.find((word) => !scripts.includes(word));
    const server = findServer(call, world, place, optionValue(options, "host"), optionValue(options, "port"));
    const sources = [
      ...optionValues(options, "eval"),
      ...[...optionValues(options, "file"), ...scripts].map((file) => ({ file })),
    ];
    const goesOn = sources.length === 0 || hasOption(options, "shell");
    const input = readTexts(call, world, goesOn ? [...sources, { file: "-" }] : sources);
    const effects = input.texts.flatMap((text) => readScript(text, server));
    return { effects: [...input.effects, ...effects], inner: [], wantsStdin: input.wantsStdin };
  },
};

const table = declareOptions("anywhere", [
  "--eval:",
  "-f --file:",
  "--host:",
  "--port:",
  "-u --username:",
  "-p --password::",
  "--authenticationDatabase:",
  "--authenticationMechanism:",
  "--tlsCAFile:",
  "--tlsCertificateKeyFile:",
  "--awsAccessKeyId:",
  "--apiVersion:",
  "--json::",
  "--quiet",
  "--norc",
  "--nodb",
  "--tls",
  "--ssl",
  "--shell",
  "--retryWrites",
  "--verbose",
  "-h --help",
  "--version",
]);

function findServer(call: Call, world: World, place: Arg | undefined, host?: Arg, port?: Arg): Server {
  const text = place !== undefined && isKnown(place) ? place : "";
  const uri = /^mongodb(?:\+srv)?:\/\/(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?/.exec(text);
  const plain = /^(?:([^/]+)\/)?([^/]*)$/.exec(text);
  const named = host !== undefined && isKnown(host) ? host : (uri?.[2] ?? plain?.[1] ?? "localhost");
  const at = port !== undefined && isKnown(port) && port !== "27017" ? `:${port}` : "";
  const login = uri?.[1];
  return {
    tool: toolName(call),
    engine: "mongodb",
    host: named.replaceAll(":27017", "") + at,
    database: (uri === null ? plain?.[2] : uri[3]) || "test",
    credentials:
      login === undefined
        ? []
        : [{ name: "password", from: "literal", fingerprint: world.fingerprint(login) }],
  };
}

function readScript(text: string, server: Server): readonly Effect[] {
  const tokens = readTokens(text);
  return tokens.flatMap((token, index): readonly Effect[] => {
    if (token.kind !== "word" && token.kind !== "text") return [];
    const name = token.text;
    const isCall = tokens[token.kind === "word" ? index + 1 : index + 2]?.text === "(";
    // db.getCollection("x").drop(), db["x"]["drop"]()
    if (isCall && /^[.[]$/.test(tokens[index - 1]?.text ?? "")) {
      const start = token.kind === "word" ? index + 2 : index + 3;
      const deed = readMethod(name, tokens, start, nameBefore(tokens, index - 1));
      return deed === undefined
        ? []
        : [sqlEffect(server, { ...deed, target: deed.target || server.database })];
    }
    if (isCall && /^(eval|load|require|Function)$/.test(name))
      return [opaqueEffect(server.tool, name, "runs code that was not looked at")];
    // db.runCommand({drop: "x"})
    if (
      commands.has(name) &&
      tokens[index + 1]?.text === ":" &&
      /^[{,]$/.test(tokens[index - 1]?.text ?? "")
    ) {
      const target = tokens[index + 2]?.text ?? server.database;
      return inCommand(tokens, index)
        ? [sqlEffect(server, { action: "delete", statement: name, target, restricted: name === "delete" })]
        : [];
    }
    return [];
  });
}

const commands: ReadonlySet<string> = new Set(["drop", "dropDatabase", "delete", "dropIndexes", "dropUser"]);

function readMethod(name: string, tokens: readonly Token[], start: number, target: string): Deed | undefined {
  const isAll =
    tokens[start]?.text === ")" || (tokens[start]?.text === "{" && tokens[start + 1]?.text === "}");
  switch (name) {
    case "dropDatabase":
      return { action: "delete", statement: "DROP DATABASE", target: "" };
    case "drop":
      return { action: "delete", statement: "DROP COLLECTION", target };
    case "deleteMany":
    case "remove":
      return { action: "delete", statement: "DELETE", target, restricted: !isAll };
    case "deleteOne":
    case "findOneAndDelete":
    case "bulkWrite":
      return { action: "delete", statement: "DELETE", target };
    case "updateMany":
      return { action: "modify", statement: "UPDATE", target, restricted: !isAll };
    case "dropIndex":
    case "dropIndexes":
      return { action: "delete", statement: "DROP INDEX", target, recovery: "unknown" };
    case "dropUser":
    case "dropRole":
    case "dropAllUsers":
      return { action: "delete", statement: "DROP ROLE", target, recovery: "unknown" };
    case "createUser":
    case "updateUser":
    case "grantRolesToUser":
      return { action: "grant", statement: "GRANT", target };
    case "shutdownServer":
      return { action: "execute", statement: "SHUTDOWN", target: "the server" };
    default:
      return undefined;
  }
}

/** The collection that a method belongs to: `users` of `db.users.drop`, of `getCollection("users").drop`. */
function nameBefore(tokens: readonly Token[], dot: number): string {
  for (let at = dot - 1; at >= 0 && at > dot - 6; at -= 1) {
    const token = tokens[at];
    if (token?.kind === "word" || token?.kind === "text") return token.text === "db" ? "" : token.text;
  }
  return "";
}

function inCommand(tokens: readonly Token[], index: number): boolean {
  return tokens
    .slice(Math.max(0, index - 8), index)
    .some((token) => /^(runCommand|adminCommand)$/.test(token.text));
}

interface Token {
  readonly kind: "word" | "text" | "symbol";
  readonly text: string;
}

/** Words, strings and signs of JavaScript; regular expressions are not told apart from divisions. */
function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const piece =
    /\/\/[^\n]*|\/\*.*?\*\/|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`((?:\\.|[^`\\])*)`|([\p{L}_$][\p{L}\p{N}_$]*)|\S/gsu;
  for (const found of text.matchAll(piece)) {
    const [all, double, single, template, word] = found;
    const string = double ?? single ?? template;
    if (string !== undefined) tokens.push({ kind: "text", text: string });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (all.length === 1) tokens.push({ kind: "symbol", text: all });
  }
  return tokens;
}
