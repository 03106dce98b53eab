import { isKnown } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { readPatchFiles } from "../../model/patch.js";
import { deletion, editing, readPaths, toolName } from "../file-effects.js";
import { openInputs } from "../inputs.js";
import type { Reader } from "../reader.js";

/** Codex's own program, which it also puts on the PATH of commands: the patch is its argument or its stdin. */
export const agentPatch: Reader = {
  names: ["apply_patch", "applypatch"],
  read(call, world) {
    const inputs = openInputs(call, world);
    const given = call.argv[1] ?? inputs.readText("-");
    const tool = toolName(call);
    const wantsStdin = inputs.wantsStdin();
    if (!isKnown(given)) {
      const opaque = opaqueEffect(
        tool,
        given.source,
        `cannot tell which files it would change: ${given.reason}`,
      );
      return { effects: call.sight === "later" || wantsStdin ? [] : [opaque], inner: [], wantsStdin };
    }
    const { written, deleted } = readPatchFiles(given);
    return {
      effects: [
        ...readPaths(call, world, written, "write", (path) => editing(tool, path, world)),
        ...readPaths(call, world, deleted, "delete", (path) => [deletion(tool, path)]),
      ],
      inner: [],
      wantsStdin: false,
    };
  },
};
