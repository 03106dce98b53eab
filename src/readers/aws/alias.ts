import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";

/** The text behind a name in ~/.aws/cli/alias; it may hide a built-in command (`s3 = !…`). */
export function findAlias(name: string, section: string, call: Call, world: World): string | undefined {
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  const content = world.readFile(`${folder}/.aws/cli/alias`, 1 << 18);
  if (!content.ok) return undefined;
  let inside = false;
  let found: string | undefined;
  for (const line of decodeBytes(content.bytes).split(/\r?\n/)) {
    if (line.startsWith("[")) {
      inside = line.trim() === `[${section}]`;
      if (found !== undefined) return found.trim();
    } else if (!inside || /^\s*[#;]/.test(line)) continue;
    else if (/^\s/.test(line)) found = found === undefined ? undefined : `${found}\n${line.trim()}`;
    else {
      if (found !== undefined) return found.trim();
      const [, key, value] = /^([^=]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (key === name) found = value;
    }
  }
  return found?.trim();
}
