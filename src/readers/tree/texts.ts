import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import { assertNever } from "../../model/assert-never.js";
import type { Call, Inner } from "../../model/call.js";
import type { ToolText, ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import type { Reading } from "../reader.js";
import { readTexts } from "../sql/client-texts.js";
import { type DatabasePlace, placeOf } from "./database.js";
import type { Walk } from "./walk.js";

/** SQL or code that a subcommand is given: handed to the client or interpreter that reads such texts. */
export function readTaken(tree: ToolTree, walk: Walk, call: Call, world: World): Reading {
  const { takes, name } = walk.command;
  if (takes === undefined) return { effects: [], inner: [], wantsStdin: false };
  const input = readTexts(call, world, sourcesOf(takes, walk, call));
  const via = `${showArg(call.tool)} ${walk.path.join(" ") || name}`;
  const place = placeOf(tree, walk, call, world);
  return {
    effects: input.effects,
    inner: input.texts.map((text) => handOn(text, takes.language, place, via)),
    wantsStdin: input.wantsStdin,
  };
}

function sourcesOf(takes: ToolText, walk: Walk, call: Call): readonly (Arg | { readonly file: Arg })[] {
  const valuesOf = (names: readonly string[]) =>
    walk.options.flatMap(({ name, value }) => (names.includes(name) && value !== undefined ? [value] : []));
  const given = [
    ...valuesOf(takes.texts),
    // `manage.py dbshell -- -c "…"`: what stands behind is the client's own.
    ...[...walk.words, ...walk.rest].filter((_, at, rest) =>
      takes.texts.includes(showArg(rest[at - 1] ?? "")),
    ),
    ...valuesOf(takes.files).map((file) => ({ file })),
    ...(takes.words ? [...walk.words, ...walk.rest].slice(0, 1) : []),
  ];
  if (given.length > 0 || !takes.stdin) return given;
  // A prompt of the framework's own is a person's to type at, as `python` alone is; one of SQL is asked about as `psql` is.
  return takes.language !== "sql" && call.stdin.kind === "terminal" ? [] : [{ file: "-" }];
}

function handOn(text: string, language: ToolText["language"], place: DatabasePlace, via: string): Inner {
  return { kind: "call", argv: argvOf(text, language, place), via, sight: "never", stdin: { kind: "none" } };
}

function argvOf(text: string, language: ToolText["language"], place: DatabasePlace): readonly Arg[] {
  switch (language) {
    case "sql":
      return sqlClient(text, place);
    case "ruby":
      return ["ruby", "-e", text];
    case "php":
      return ["php", "-r", text];
    case "python":
      return ["python3", "-c", text];
    case "javascript":
      return ["node", "-e", text];
    default:
      return assertNever(language);
  }
}

/** The client of the engine; PostgreSQL's where that is not known, for its parser falls back on leading words. */
function sqlClient(text: string, { engine, host, database, url }: DatabasePlace): readonly Arg[] {
  const hidden = unknown("a database that the tool knows", "the tool's own settings say which");
  switch (engine) {
    case "sqlite":
      return ["sqlite3", database, text];
    case "mysql":
      return ["mysql", "-h", host === "" ? hidden : host, "-D", database, "-e", text];
    default: {
      const isUrl = url !== undefined && isKnown(url) && /^postgres(ql)?:/.test(url);
      return ["psql", "-X", "-d", isUrl ? url : hidden, "-c", text];
    }
  }
}
