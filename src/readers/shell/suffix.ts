import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Table } from "../reader.js";

/** `git.exe`, from WSL: the program of Windows, which does the same. */
export function withoutSuffix(call: Call, table: Table): Call {
  const { tool } = call;
  if (!isKnown(tool) || tool.length < 5 || tool.charAt(tool.length - 4) !== "." || !/\.exe$/i.test(tool))
    return call;
  const name = tool.toLowerCase();
  if (table.has(name)) return { ...call, tool: name };
  const plain = name.slice(0, -4);
  return table.has(plain) ? { ...call, tool: plain } : call;
}
