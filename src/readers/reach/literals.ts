import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";

/**
 * The texts in code that an interpreter is given for this one run: on its command line, on its stdin, or in a script that
 * the session has written. A script that was there before is written for more than one run, and most of what it names it
 * does not read now.
 */
export function literalsOf(call: Call, world: World): readonly string[] {
  const name = toolName(call).replace(/[\d.]+$/, "");
  if (/^g?sed$/.test(name)) return call.argv.slice(1).flatMap((word) => (isKnown(word) ? readIn(word) : []));
  if (!interpreters.has(name)) return [];
  const words = call.argv.slice(1).filter(isKnown);
  const inline = words.filter((word) => /["'`]/.test(word));
  const typed = call.stdin.kind === "text" ? [call.stdin.text] : [];
  return [
    ...new Set(
      [...inline, ...typed, ...ownScripts(words, call, world)].flatMap((code) => textsIn(code, world)),
    ),
  ];
}

const interpreters: ReadonlySet<string> = new Set(
  "agent/service python pypy ipython node nodejs bun deno tsx ts-node ruby irb perl php lua luajit Rscript julia tclsh osascript pwsh awk gawk mawk nawk groovy scala elixir".split(
    " ",
  ),
);

const longest = 64 * 1024;
/** Each is looked for on the disk. */
const most = 300;

/** `r FILE` and `w FILE` in a script of sed. */
function readIn(script: string): readonly string[] {
  return [...script.matchAll(/(?:^|[\s\d$/;{}])[rRwW]\s+([^\s;}]+)/g)].map(([, file = ""]) => file);
}

function ownScripts(words: readonly string[], call: Call, world: World): readonly string[] {
  const script = words.find((word) => /\.\w+$/.test(word) && !word.startsWith("-"));
  const path = script === undefined ? undefined : resolvePath(call, world, script);
  if (path === undefined || !isKnown(path)) return [];
  const stat = world.lstat(path);
  if (stat.exists && stat.modified < world.session.startedAt && stat.born < world.session.startedAt)
    return [];
  const content = world.readFile(path, longest);
  return content.ok ? [decodeBytes(content.bytes)] : [];
}

function textsIn(code: string, { user }: World): readonly string[] {
  const text = code.slice(0, longest);
  // `'.env.' + 'production'`; `join('infra', 'domains')`, `Path('infra') / 'domains'`
  const joined = text.replace(/(["'`])\s*\+\s*["'`]/g, "").replace(/(["'`])\s*\)?\s*[,/]\s*["'`]/g, "/");
  const found = [...new Set([text, joined])].flatMap((one) =>
    [...one.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n]){1,300})\1/g)].map(([, , inside = ""]) =>
      inside.replace(/^[<>+]+\s*/, "").replace(/\\(.)/g, "$1"),
    ),
  );
  const isAtHome = /home|userprofile|expanduser/i.test(text);
  const own = isAtHome
    ? found.filter((one) => /^\/?\.\w/.test(one)).map((one) => `${user.home}/${one.replace(/^\//, "")}`)
    : [];
  return [...found.filter((one) => one.trim() !== "" && /[\w]/.test(one)), ...own].slice(0, most);
}
