import { isKnown } from "../../model/arg.js";
import { parseFind } from "../files/find-expression.js";
import { walk } from "../files/find-walk.js";
import { isDirectory } from "../path.js";
import { foldersNamed, type Given, type Whole } from "./given.js";
import { listers, lookers } from "./looks.js";

/** `find … -exec cat {} +`: what its own tests let through, where that is given to a program that reads. */
export function find({ call, world, words }: Given): readonly Whole[] {
  const start = words.findIndex((word, at) => at > 0 && /^(-(?![LHPEsxO]).+|[!(),])$/s.test(word));
  if (start < 0) return [];
  const query = parseFind(call.argv.slice(start));
  const reads = query.actions.filter((action) => {
    if (action.kind !== "exec") return false;
    const [program = ""] = action.argv;
    const name = isKnown(program) ? program.slice(program.lastIndexOf("/") + 1) : "";
    return !lookers.has(name) && !listers.has(name) && !changers.has(name);
  });
  if (reads.length === 0) return [];
  const roots = words.slice(1, start).filter((word) => !word.startsWith("-"));
  return foldersNamed(call, world, roots, true).map((folder) => {
    let hits: ReadonlySet<string> | undefined;
    return {
      folder,
      skips: (path) => {
        if (isDirectory(path, world)) return false;
        if (hits === undefined) {
          const walked = walk(
            query,
            { path: folder, written: folder, follows: false, followsRoots: true, maxEntries: 20_000 },
            world,
          );
          hits = new Set(walked.hits.filter(({ action }) => reads.includes(action)).map((hit) => hit.path));
          if (!walked.complete) hits = new Set([...hits, path]);
        }
        return !hits.has(path);
      },
    };
  });
}

/** What they do is an effect already, file by file. */
const changers: ReadonlySet<string> = new Set("rm rmdir unlink chmod chown chgrp mv".split(" "));
