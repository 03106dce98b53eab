import { isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { World } from "../model/world.js";
import { resolvePath } from "./path.js";
import type { Reader, Table } from "./reader.js";

/** Who reads this call: by its tool's name, or by what its path stands for. */
export function findReader(call: Call, tool: string, table: Table, world: World): Reader | undefined {
  return findService(call, table) ?? table.get(tool) ?? findByLink(call, table, world);
}

/** `/etc/init.d/nginx stop` is `service nginx stop`. */
function findService({ argv: [program] }: Call, table: Table): Reader | undefined {
  return program !== undefined && isKnown(program) && /^\/etc\/(rc\.d\/)?init\.d\/[^/]+$/.test(program)
    ? table.get("service")
    : undefined;
}

/** `./x`, a symbolic link to a program that is known. */
function findByLink({ argv: [program], cwd }: Call, table: Table, world: World): Reader | undefined {
  if (program === undefined || !isKnown(program) || !program.includes("/")) return undefined;
  const path = resolvePath({ cwd }, world, program);
  if (path === undefined || !isKnown(path)) return undefined;
  const target = world.realpath(path);
  return target === path ? undefined : table.get(target.slice(target.lastIndexOf("/") + 1));
}
