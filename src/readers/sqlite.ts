import { type Arg, isKnown } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { readTexts } from "./client-texts.js";
import { readDialect } from "./dialect.js";
import { overwriting, toolName } from "./file-effects.js";
import { resolvePath } from "./path.js";
import type { Reader } from "./reader.js";
import { type Server, sqlEffect } from "./sql-effects.js";
import { sqliteQuoting } from "./sql-lexicon.js";
import { isWithin } from "./transfers.js";

/** sqlite3 and duckdb: a file, then SQL and dot-commands as arguments or on stdin. */
export const sqlite: Reader = {
  names: ["sqlite3", "sqlite", "duckdb"],
  read(call, world) {
    const words = readWords(call);
    const file = words.operands[0];
    const server: Server = {
      tool: toolName(call),
      engine: toolName(call) === "duckdb" ? "duckdb" : "sqlite",
      host: "localhost",
      database: file === undefined ? ":memory:" : isKnown(file) ? file : file.source,
      credentials: [],
    };
    if (words.shows) return { effects: [], inner: [], wantsStdin: false };
    const texts = [...words.texts, ...words.operands.slice(1)];
    const takesStdin = words.operands.length < 2 && !words.final;
    const input = readTexts(call, world, takesStdin ? [...texts, { file: "-" }] : texts);
    const run: Run = {
      call,
      world,
      server,
      effects: [...input.effects],
      inner: [],
      wantsStdin: input.wantsStdin,
    };
    for (const text of input.texts) runText(text, run, 0);
    const disposable = isDisposable(server.database, call, world);
    return {
      effects:
        disposable === undefined ? run.effects : run.effects.map((effect) => relax(effect, disposable)),
      inner: run.inner,
      wantsStdin: run.wantsStdin,
    };
  },
};

interface Run {
  readonly call: Call;
  readonly world: World;
  readonly server: Server;
  readonly effects: Effect[];
  readonly inner: Inner[];
  wantsStdin: boolean;
}

interface Words {
  readonly operands: readonly Arg[];
  readonly texts: readonly (Arg | { readonly file: Arg })[];
  /** Stdin is not read. */
  readonly final: boolean;
  readonly shows: boolean;
}

const valued: ReadonlySet<string> = new Set([
  "separator",
  "newline",
  "nullvalue",
  "maxsize",
  "mmap",
  "vfs",
  "heap",
  "storage-version",
]);

/** Options have one dash or two, and are not abbreviated. */
function readWords(call: Call): Words {
  const operands: Arg[] = [];
  const texts: (Arg | { readonly file: Arg })[] = [];
  let final = false;
  let shows = false;
  const { argv } = call;
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    const name = isKnown(word) && /^--?[a-z]/i.test(word) ? word.replace(/^--?/, "") : undefined;
    if (name === undefined) operands.push(word);
    else if (name === "cmd" || name === "c" || name === "s") {
      texts.push(argv[at + 1] ?? "");
      final ||= name !== "cmd";
      at += 1;
    } else if (name === "init" || name === "f") {
      texts.push({ file: argv[at + 1] ?? "" });
      final ||= name === "f";
      at += 1;
    } else if (valued.has(name)) at += 1;
    else if (name === "lookaside" || name === "pagecache") at += 2;
    else if (name === "help" || name === "version") shows = true;
  }
  return { operands, texts, final, shows };
}

function runText(text: string, run: Run, depth: number): void {
  const sql: string[] = [];
  for (const line of text.split("\n")) {
    // Inside a statement a line cannot begin with a dot, but for a number.
    if (/^\s*\.[a-z]/i.test(line)) runDot(line.trim(), run, depth);
    else sql.push(line);
  }
  run.effects.push(...readDialect(sql.join("\n"), sqliteQuoting, run.server));
}

const dotCommands = [
  "shell",
  "system",
  "read",
  "once",
  "output",
  "excel",
  "import",
  "restore",
  "load",
  "save",
  "backup",
  "clone",
  "open",
];

/** https://sqlite.org/cli.html; names may be abbreviated. */
function runDot(line: string, run: Run, depth: number): void {
  const { server, call, world } = run;
  const [, short = "", rest = ""] = /^\.([a-z_]+)\s*(.*)$/is.exec(line) ?? [];
  const name =
    short.length < 2 ? undefined : dotCommands.find((command) => command.startsWith(short.toLowerCase()));
  const words = [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? "",
  );
  const plain = words.filter((word) => !word.startsWith("-"));
  const program = plain.find((word) => word.startsWith("|"));
  const via = `${server.tool} .${name}`;
  switch (name) {
    case undefined:
      return;
    case "shell":
    case "system":
      run.inner.push({ kind: "line", text: rest, shell: "sh", via });
      return;
    case "load":
      run.effects.push(opaqueEffect(server.tool, rest, "loads code from a library"));
      return;
    case "restore":
      run.effects.push(
        sqlEffect(server, {
          action: "delete",
          statement: "RESTORE",
          target: server.database,
          restricted: false,
        }),
      );
      return;
    case "read":
    case "import":
      if (program !== undefined) run.inner.push({ kind: "line", text: program.slice(1), shell: "sh", via });
      else if (name === "read") include(plain[0] ?? "", run, depth);
      else
        run.effects.push(
          sqlEffect(server, { action: "create", statement: "IMPORT", target: plain[1] ?? "" }),
        );
      return;
    case "open":
      run.effects.push(opaqueEffect(server.tool, rest, "goes on with another database"));
      return;
    default: {
      if (program !== undefined) {
        const at = rest.indexOf("|");
        run.inner.push({ kind: "line", text: rest.slice(at + 1).replace(/['"]$/, ""), shell: "sh", via });
        return;
      }
      const path = resolvePath(call, world, plain.at(-1) ?? "");
      if (path !== undefined && isKnown(path) && plain.at(-1) !== "stdout")
        run.effects.push(...overwriting(server.tool, path, world));
    }
  }
}

function include(file: string, run: Run, depth: number): void {
  const input = readTexts(run.call, run.world, depth < 8 ? [{ file }] : []);
  run.wantsStdin ||= input.wantsStdin;
  run.effects.push(...input.effects);
  for (const text of input.texts) runText(text, run, depth + 1);
  if (depth >= 8)
    run.effects.push(opaqueEffect(run.server.tool, file, "files include one another without end"));
}

/** Why nothing that mattered can be in this database: it is in memory, temporary, or the session's own. */
function isDisposable(database: string, call: Call, world: World): string | undefined {
  if (database === ":memory:" || database === "") return "a database in memory";
  const path = resolvePath(call, world, database);
  if (path === undefined || !isKnown(path)) return undefined;
  const real = world.realpath(path);
  if (world.session.temporary.some((folder) => isWithin(real, `${folder}/`))) return "a temporary database";
  const stat = world.lstat(real);
  if (!stat.exists) return stat.reason === "missing" ? "the database does not exist yet" : undefined;
  return stat.born >= world.session.startedAt ? "the session made this database" : undefined;
}

function relax(effect: Effect, because: string): Effect {
  return effect.resource === "sql" && effect.recovery !== "needless"
    ? { ...effect, recovery: "recreate", because }
    : effect;
}
