import { isKnown } from "../../model/arg.js";
import type { World } from "../../model/world.js";
import { deletion, editing, readPaths } from "../file-effects.js";
import { effects, type Reader } from "../reader.js";

/**
 * An agent's own file tools: argv is the tool's name, the files that it writes, and behind `--delete` those that it
 * deletes. The name holds a slash, so that nothing on a command line is taken for it.
 */
export const agentFiles: Reader = {
  names: ["agent/files"],
  read(call, world) {
    const [, ...words] = call.argv;
    const at = words.indexOf("--delete");
    const written = at < 0 ? words : words.slice(0, at);
    const deleted = at < 0 ? [] : words.slice(at + 1);
    const [name = ""] = call.argv;
    const tool = isKnown(name) ? name : name.source;
    return effects(
      ...readPaths(call, world, written, "write", (path) => editing(tool, path, world)),
      ...readPaths(call, world, deleted, "delete", (path) => [deletion(tool, path, isFolder(path, world))]),
    );
  },
};

function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}
