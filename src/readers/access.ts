import { isKnown } from "../model/arg.js";
import type { FileEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { modification, readPaths, toolName } from "./file-effects.js";
import { declareOptions, hasOption, readOptions } from "./options.js";
import { effects, nothing, type Reader } from "./reader.js";

const options = declareOptions("anywhere", [
  "-c --changes",
  "-f --silent --quiet",
  "-v --verbose",
  "-h --no-dereference",
  "--dereference",
  "--from:",
  "--no-preserve-root",
  "--preserve-root",
  "--reference:",
  "-R --recursive",
  "-H",
  "-L",
  "-P",
  "--help",
  "--version",
]);

/** Who may touch a file. The old owner and mode are lost, the content is not. */
export const access: Reader = {
  names: ["chmod", "chown", "chgrp"],
  read(call, world) {
    // `chmod -x file`: a mode that looks like options.
    const words = call.argv.slice(1).map((word) => (/^-[rwxXst,=+-]+$/.test(String(word)) ? "mode" : word));
    const given = readOptions(words, options);
    if (hasOption(given, "help", "version")) return nothing;
    const recursive = hasOption(given, "recursive");
    const files = hasOption(given, "reference") ? given.operands : given.operands.slice(1);
    const change = (path: string): FileEffect => ({
      ...modification(toolName(call), path),
      aspect: "access",
      recovery: isMissing(path, world) ? "needless" : "none",
      recursive,
      ...(recursive ? { extent: { kind: "unknown" } as const } : {}),
    });
    // The mode of one file is not worth a question, whichever it is.
    const weighed = recursive ? files : files.filter(isKnown);
    return effects(...readPaths(call, world, weighed, "change", (path) => [change(path)]));
  },
};

function isMissing(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return !stat.exists && stat.reason === "missing";
}
