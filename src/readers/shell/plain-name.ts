import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Table } from "../reader.js";

/**
 * `git.exe`, from WSL: the program of Windows, which does the same. `gnurm`, `uu-rm`: where two packages bring the same tools, each has a
 * name of its own.
 */
export function withPlainName(call: Call, table: Table): Call {
  const { tool } = call;
  if (!isKnown(tool) || tool.length < 4) return call;
  const plain = plainName(tool, table);
  return plain === undefined ? call : { ...call, tool: plain };
}

function plainName(tool: string, table: Table): string | undefined {
  if (tool.charAt(tool.length - 4) === "." && /\.exe$/i.test(tool)) {
    const name = tool.toLowerCase();
    return [name, name.slice(0, -4)].find((one) => table.has(one));
  }
  if (!tool.startsWith("gnu") && !tool.startsWith("uu")) return undefined;
  const [, name] = /^(?:gnu|uu[-_]|uutils-)([a-z]+)$/.exec(tool) ?? [];
  return name !== undefined && table.has(name) && !table.has(tool) ? name : undefined;
}
