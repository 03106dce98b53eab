import { type Arg, isKnown } from "../../model/arg.js";
import type { World } from "../../model/world.js";
import { deletion, editing, readPaths } from "../file-effects.js";
import { effects, type Reader } from "../reader.js";

/**
 * An agent's own file tools: argv is the tool's name, the files that it writes, and behind `--delete` those that it
 * deletes, behind `--read` those it reads, behind `--search` the folders it looks through. The name holds a slash, so that nothing on a command line is taken for it.
 */
export const agentFiles: Reader = {
  names: ["agent/files"],
  read(call, world) {
    const [, ...words] = call.argv;
    const { written = [], deleted = [], searched = [] } = partsOf(words);
    const [name = ""] = call.argv;
    const tool = isKnown(name) ? name : name.source;
    const done = effects(
      ...readPaths(call, world, written, "write", (path) => editing(tool, path, world)),
      ...readPaths(call, world, deleted, "delete", (path) => [deletion(tool, path, isFolder(path, world))]),
    );
    // What is only read is looked at where a scope manifest minds (reach); their searches are ripgrep's.
    const searches = searched.map((folder) => ({
      kind: "call" as const,
      argv: ["rg", "--hidden", "-e", "x", folder],
      via: tool,
      sight: "never" as const,
    }));
    return { ...done, inner: searches };
  },
};

function partsOf(words: readonly Arg[]): {
  readonly written?: readonly Arg[];
  readonly deleted?: readonly Arg[];
  readonly searched?: readonly Arg[];
} {
  const parts: Record<string, Arg[]> = { written: [] };
  let part = "written";
  for (const word of words) {
    const next = isKnown(word) ? marks[word] : undefined;
    if (next === undefined) parts[part] = [...(parts[part] ?? []), word];
    else part = next;
  }
  return parts;
}

const marks: Readonly<Record<string, string>> = {
  "--delete": "deleted",
  "--read": "read",
  "--search": "searched",
};

function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}
