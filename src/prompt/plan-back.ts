import { assertNever } from "../model/assert-never.js";
import type { Effect } from "../model/effect.js";
import { quoteWords } from "../model/quoted.js";
import { recoveryWords } from "./words.js";

/** How to get back from effects that differ only in what they are done to; "" where nothing is lost. */
export function backWords(effects: readonly Effect[]): string {
  const [first] = effects;
  if (first === undefined || first.action === "read" || first.action === "create") return "";
  const words = recoveryWords(first);
  const hint = hintFor(first, effects);
  return first.recovery === "needless" ? "" : hint === "" ? words : `${words}: ${hint}`;
}

function hintFor(first: Effect, effects: readonly Effect[]): string {
  switch (first.recovery) {
    case "git":
      return first.resource === "file"
        ? checkout(first.tool, effects)
        : first.resource === "git" && !first.remote
          ? "git reflog names the commits from before"
          : "";
    case "recreate":
      return first.resource === "file" ? builders(effects) : "";
    case "trash":
      return first.resource === "file" && first.operand !== undefined
        ? "holdpoint undo puts it back"
        : "put it back from there";
    case "backup":
    case "none":
    case "unknown":
    case "needless":
      return "";
    default:
      return assertNever(first.recovery);
  }
}

/** `git rm` takes the file out of the index, too. */
function checkout(tool: string, effects: readonly Effect[]): string {
  const paths = effects.map((effect) => effect.target);
  const [first = ""] = paths;
  const folder = first.slice(0, Math.max(1, first.lastIndexOf("/")));
  const isNear = paths.length <= most && paths.every((path) => path.startsWith(`${folder}/`));
  const shown = isNear ? paths.map((path) => path.slice(folder.length + 1)) : ["FILE"];
  const from = tool === "git" ? ["HEAD", "--"] : ["--"];
  return quoteWords(["git", "-C", folder, "checkout", ...from, ...shown]);
}

const most = 3;

function builders(effects: readonly Effect[]): string {
  const names = effects.map(({ target }) => target.replace(/\/+$/, "").replace(/^.*\//, ""));
  const found = names.map((name) => builds.find(([pattern]) => pattern.test(name))?.[1] ?? "");
  return [...new Set(found.filter((one) => one !== ""))].join(", ");
}

/** Folders by name, and what makes them again. */
const builds: readonly (readonly [name: RegExp, how: string])[] = [
  [/^node_modules$/, "npm ci, or as this project installs its packages"],
  [/^(\.?venv|env|site-packages)$/, "make the virtual environment again"],
  [/^(vendor|Pods|bower_components)$/, "install the dependencies again"],
  [/^(target|dist|build|out|bin|obj|\.next|\.nuxt|\.output|coverage|_build)$/, "build again"],
  [/^(__pycache__|\.cache|\.\w+_cache|\.turbo|\.parcel-cache)$|\.pyc$/, "comes back by itself"],
  [/^\.terraform$/, "terraform init"],
];
