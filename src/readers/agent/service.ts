import { isKnown, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type CloudEffect, type Effect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { editing, readPaths } from "../file-effects.js";
import { nounOf } from "../http/rest-deed.js";
import type { Reader } from "../reader.js";
import { parseJson, textOf, type Value, valueAt } from "../value.js";
import { isDestructiveName, splitWords } from "../verbs.js";

/**
 * A tool that some server gives to an agent (MCP): argv is the tool's full name, the server, the tool, and its arguments as
 * JSON. No shim ever sees what it does, so it goes by what the tool's name says, as operations of an API that is not known
 * do, and by the texts among its arguments that are SQL or for a shell.
 */
export const agentService: Reader = {
  names: ["agent/service"],
  read(call, world) {
    const [full = "", server = "", tool = "", json = ""] = call.argv.map((word) =>
      isKnown(word) ? word : "",
    );
    const parsed = parseJson(json);
    const input: Value = parsed.ok ? parsed.value : { kind: "null" };
    const via = `${server} ${tool}`.trim();
    const words = new Set(splitWords(tool));
    return {
      effects: [
        ...(isDestructiveName(tool) ? [removal(full, server, tool, input)] : []),
        ...readEdit(full, words, input, call, world),
      ],
      inner: [
        ...sqlTexts(input, words, via),
        ...commands(input, words, via),
        ...codeTexts(input, words, via),
        ...requests(input, via),
      ],
      wantsStdin: false,
    };
  },
};

function removal(full: string, server: string, tool: string, input: Value): CloudEffect {
  const type = nounOf([
    splitWords(tool)
      .filter((word) => !isDestructiveName(word))
      .join("-"),
  ]);
  return {
    ...plainEffect(full, "delete", targetOf(input) ?? full),
    resource: "cloud",
    // Railway's own rules know which of its things hold all the rest.
    provider: splitWords(server).includes("railway") ? "railway" : "mcp",
    service: server,
    type,
    operation: tool,
    recovery: "none",
    because: "by the tool's name; what it does passes no shim",
  };
}

/** What the arguments name, as people would: `volumeId`, `name`, else the first of them. */
function targetOf(input: Value): string | undefined {
  if (input.kind !== "object") return undefined;
  const named = [...input.fields].flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined || text === "" ? [] : [{ name, text }];
  });
  const best = named.find(({ name }) => /(^|_)(id|name|path)$|Id$|Name$/.test(name)) ?? named[0];
  return best?.text.slice(0, 200);
}

/** `write_file`, `edit_file` of a server that works on this machine's files. */
function readEdit(
  full: string,
  words: ReadonlySet<string>,
  input: Value,
  call: Call,
  world: World,
): readonly Effect[] {
  if (!writing.some((word) => words.has(word))) return [];
  const path = firstText(input, ["path", "file_path", "filePath"]);
  // Elsewhere a path is relative to something that only the server knows: a repository at a forge.
  return path?.startsWith("/")
    ? readPaths(call, world, [path], "write", (one) => editing(full, one, world))
    : [];
}

/** PostgreSQL's parser falls back on leading words where another engine is spoken to. */
function sqlTexts(input: Value, words: ReadonlySet<string>, via: string): readonly Inner[] {
  const hidden = unknown("a database that the server knows", "the server's own settings say which");
  const sure = texts(input, ["sql"]);
  // `drop table syntax` is what somebody looks for.
  const likely = searching.some((word) => words.has(word))
    ? []
    : texts(input, ["query", "queries", "statement", "statements"]);
  return [...sure, ...likely.filter((text) => words.has("sql") || looksLikeSql.test(text))].map((text) => ({
    kind: "call",
    argv: ["psql", "-X", "-d", hidden, "-c", text],
    via,
    sight: "never",
    stdin: { kind: "none" },
  }));
}

function commands(input: Value, words: ReadonlySet<string>, via: string): readonly Inner[] {
  if (!running.some((word) => words.has(word))) return [];
  const cwd = firstText(input, ["cwd", "workdir", "working_directory", "workingDirectory"]);
  const place = cwd?.startsWith("/") ? { cwd } : {};
  const args = texts(input, ["args"]);
  return texts(input, ["command", "cmd", "shell_command", "commands"]).map((text) =>
    args.length > 0
      ? { kind: "call", argv: [text, ...args], via, sight: "never", ...place }
      : { kind: "line", text, shell: "bash", via, sight: "never", ...place },
  );
}

/** `executeCode`, `run_python`: code for an interpreter of the server's. */
function codeTexts(input: Value, words: ReadonlySet<string>, via: string): readonly Inner[] {
  if (!running.some((word) => words.has(word))) return [];
  const language = firstText(input, ["language"]) ?? "";
  const isScript = ["javascript", "js", "node", "typescript"].some(
    (one) => words.has(one) || language === one,
  );
  const start = isScript ? ["node", "-e"] : ["python3", "-c"];
  return texts(input, ["code"]).map((text) => ({
    kind: "call",
    argv: [...start, text],
    via,
    sight: "never",
    stdin: { kind: "none" },
  }));
}

/** `{"method": "DELETE", "url": …}`: a request that the server sends. */
function requests(input: Value, via: string): readonly Inner[] {
  const url = firstText(input, ["url", "uri"]);
  const method = firstText(input, ["method", "http_method"]);
  if (url === undefined || method === undefined || !/^https?:/.test(url)) return [];
  const body = texts(input, ["body", "data"]).flatMap((text) => ["--data-raw", text]);
  const argv = ["curl", "-X", method.toUpperCase(), ...body, "--url", url];
  return [{ kind: "call", argv, via, sight: "never", stdin: { kind: "none" } }];
}

function firstText(input: Value, names: readonly string[]): string | undefined {
  return texts(input, names)[0];
}

/** A field's text, or each of a list's; also of the objects within, as in `{"input": {"sql": …}}`. */
function texts(input: Value, names: readonly string[], depth = 0): readonly string[] {
  if (input.kind !== "object" || depth > 2) return [];
  const own = names.flatMap((name) => {
    const value = valueAt(input, name);
    const items = value?.kind === "list" ? value.items : value === undefined ? [] : [value];
    return items.flatMap((item) => textOf(item) ?? []);
  });
  return [...own, ...[...input.fields.values()].flatMap((value) => texts(value, names, depth + 1))];
}

const writing = ["write", "edit", "overwrite", "replace", "save"];
const searching = ["search", "find", "lookup", "docs", "documentation", "web"];
const running = [
  "bash",
  "command",
  "commands",
  "exec",
  "execute",
  "process",
  "run",
  "script",
  "shell",
  "terminal",
];
const looksLikeSql =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:alter|call|copy|create|delete|do|drop|grant|insert|merge|reassign|replace|revoke|select|truncate|update|vacuum|with)\b/i;
