import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { nothing, type Reader } from "../reader.js";
import { readTree } from "../tree/tree.js";

/** `pip`: in a virtual environment, what it removes is the project's, and installed again from its list. */
export function pipReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read: (call, world) => (isVirtual(call, world) ? nothing : readTree(tree, call, world)),
  };
}

function isVirtual(call: Call, world: World): boolean {
  const active = envGet(call.env, "VIRTUAL_ENV") ?? envGet(call.env, "CONDA_PREFIX");
  if (active !== undefined && active !== "") return true;
  const [program] = call.argv;
  if (program === undefined || !isKnown(program) || !program.includes("/")) return false;
  const path = resolvePath(call, world, program);
  if (path === undefined || !isKnown(path)) return false;
  return world.lstat(path.replace(/\/(bin|Scripts)\/[^/]+$/, "/pyvenv.cfg")).exists;
}
