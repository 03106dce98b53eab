import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import type { Table } from "../reader.js";

/** Copies of programs that a line makes: absolute path of the copy → the program's name. */
export type LineCopies = Map<string, string>;

const copying: ReadonlySet<string> = new Set(["cp", "gcp", "ln", "gln", "install", "ginstall", "mv", "gmv"]);

/** `cp /usr/bin/git g; ./g clean -fdx`: by its path no shim sees it, and `g` is nobody's name. */
export function noteCopy({ tool, argv, cwd }: Call, world: World, table: Table, copies: LineCopies): void {
  if (!isKnown(tool) || !copying.has(tool)) return;
  const operands = argv.slice(1).filter((word) => !isKnown(word) || !word.startsWith("-"));
  const [source, target] = operands.slice(-2).map((word) => absolute(cwd, world, word));
  if (source === undefined || target === undefined) return;
  const name = copies.get(source) ?? programAt(source, world, table);
  if (name !== undefined) copies.set(target, name);
}

/** The call with the name of the program whose copy it starts. */
export function withCopiedName(call: Call, world: World, copies: LineCopies): Call {
  const [program] = call.argv;
  if (copies.size === 0 || program === undefined || !isKnown(program) || !program.includes("/")) return call;
  const name = copies.get(absolute(call.cwd, world, program) ?? "");
  return name === undefined ? call : { ...call, tool: name };
}

function programAt(path: string, world: World, table: Table): string | undefined {
  return [path, world.realpath(path)]
    .flatMap((one) => /\/s?bin\/([^/]+)$/.exec(one)?.[1] ?? [])
    .find((name) => table.has(name));
}

function absolute(cwd: Call["cwd"], world: World, word: Arg): string | undefined {
  const path = resolvePath({ cwd }, world, word);
  return path !== undefined && isKnown(path) ? path : undefined;
}
