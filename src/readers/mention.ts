import { isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { compiling } from "./files/compilers.js";
import type { Table } from "./reader.js";

/** A text that cannot be parsed is worth a question only if something guarded may be in it. */
export function mentionsGuarded(text: string, table: Table): boolean {
  if (/(?:^|[;&|({`\n])\s*\.\s/.test(text)) return true;
  // The scheme of a URL is no program.
  const words = text.replace(/\bhttps?:\/\//g, " ").split(/[^A-Za-z0-9_.+-]+/);
  return words.some((word) => table.has(word) && !harmlessMention.has(word));
}

/** `$(command -v python3 || command -v python) x.py` only looks for a program, and not for one that deletes. */
export function isLookup({ tool }: Call): boolean {
  if (isKnown(tool)) return false;
  const { source } = tool;
  return (
    /^"?(\$\(|`)\s*(command -v|which|type -P)\s/.test(source) &&
    !/\b(rm|unlink|shred|truncate)\b/.test(source)
  );
}

/** `$(npm root)/.bin/tsc`: wherever it lies, no reader knows a program of that name, or only where it writes what it makes. */
export function isStranger({ tool }: Call, table: Table): boolean {
  const name = isKnown(tool) ? undefined : /\/([A-Za-z][\w.+-]*)"?$/.exec(tool.source)?.[1];
  return name !== undefined && (!table.has(name) || compiling.names.includes(name));
}

/** Names that are readers' only for what they wrap, and too common in prose to mean anything by themselves. */
const harmlessMention: ReadonlySet<string> = new Set([
  // The working directory nearly always; as a command it is looked for above.
  ".",
  "awk",
  "sed",
  "sort",
  "xargs",
  "watch",
  "time",
  "env",
  "command",
  "exec",
  "find",
  "test",
  "install",
  ..."as at cc convert dot flex go gs info ld less lex m4 man more screen split strip swig".split(" "),
]);
