import { isKnown } from "../../model/arg.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { fitsPath, foldersNamed, type Given, has, isFile, isIgnored, type Whole } from "./given.js";
import { textsAmong } from "./texts.js";

/** What git takes in or gives out by whole folders: `add .`, `commit -a`, `grep`, `archive`. */
export function git({ call, world, words }: Given): readonly Whole[] {
  const at = words.findIndex(
    (word, place) => place > 0 && !word.startsWith("-") && !/^(-C|-c)$/.test(words[place - 1] ?? ""),
  );
  const verb = words[at] ?? "";
  if (!/^(add|stage|commit|grep|archive)$/.test(verb)) return [];
  const rest = words.slice(at);
  const isAll = has(
    rest,
    verb === "commit" ? /^(-[a-zA-Z]*a[a-zA-Z]*|--all)$/ : /^(-[a-zA-Z]*[Au][a-zA-Z]*|--all|--update)$/,
  );
  if (verb === "commit" && !isAll) return [];
  const folder =
    words.indexOf("-C") > 0 ? resolvePath(call, world, words[words.indexOf("-C") + 1] ?? "") : call.cwd;
  if (folder === undefined || !isKnown(folder)) return [];
  const repository = world.git.repository(folder);
  if (repository === undefined) return [];
  const texts = textsAmong("git", call.argv);
  const out = rest.flatMap((word) => /^:(?:[!^]|\(exclude\))(.+)$/.exec(word)?.[1] ?? []);
  const named = call.argv.flatMap((word, place) =>
    place > at && isKnown(word) && !texts.has(place) && !/^[-:]/.test(word) ? [word] : [],
  );
  const isWhole = named.length === 0 && (isAll || verb === "grep" || verb === "archive");
  const roots =
    verb === "archive"
      ? [repository.top]
      : isWhole
        ? [verb === "grep" ? folder : repository.top]
        : foldersNamed({ cwd: folder }, world, named, false);
  const onlyTracked =
    verb === "grep" || verb === "archive" || has(rest, /^(-u|--update)$/) || verb === "commit";
  return roots.map((root) => ({
    folder: root,
    skips: (path) =>
      fitsPath(out, path, repository.top) ||
      (isFile(path, world) && !isTaken(path, repository.top, verb, onlyTracked, world)),
  }));
}

/** Whether git would read this file: to add it, only where it is new or has changed. */
function isTaken(path: string, top: string, verb: string, onlyTracked: boolean, world: World): boolean {
  const relative = path.slice(top.length + 1);
  const tracked = world.git.tracked(top, relative);
  const id = "reason" in tracked ? undefined : tracked.get(relative);
  if (id === undefined) return !onlyTracked && !isIgnored(path, world);
  if (verb === "grep" || verb === "archive") return true;
  const content = world.readFile(path, 8 << 20);
  return !content.ok || world.git.blobId(content.bytes, id.length === 64 ? "sha256" : "sha1") !== id;
}
