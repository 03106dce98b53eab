import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { originOf } from "../code/script-file.js";
import { toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { effects, nothing, type Reading } from "../reader.js";

/**
 * The last net, for a program that nobody knows: given the path of one that deletes, it may start it where no shim stands
 * (`gdb -ex 'shell /bin/rm …'`, `tclsh <<< 'exec /bin/rm …'`, `ld.so /bin/rm`), or give it another name (`cp /bin/rm x`).
 */
export function readStranger(call: Call, world?: World): Reading {
  const name = toolName(call);
  const copies = call.redirects.some(({ operator }) => operator.startsWith(">"));
  // `cat < /bin/rm > x`, `tee x < /bin/rm`
  const taken = call.redirects.find(({ operator, target }) => operator === "<" && isWhole(target));
  if (taken !== undefined && (copies || keeping.has(name))) return given(name, showArg(taken.target));
  if (inert.has(name) && !copies) return nothing;
  const words = call.argv.slice(1).filter(isKnown);
  const scripts = world === undefined || !scripted.has(name) ? [] : ownScripts(words, call, world);
  const typed = call.stdin.kind === "text" && !inert.has(name) ? [call.stdin.text] : [];
  const texts = [...words, ...typed, ...scripts];
  const found = inert.has(name)
    ? texts.find((text) => alone.test(text))
    : texts.find((text) => started.test(text));
  if (found === undefined) return nothing;
  const path = program.exec(found)?.[0] ?? found;
  return given(name, path);
}

/** What the session wrote into files that the call names: `gdb -x orders`, `m4 x.m4`. */
function ownScripts(words: readonly string[], call: Call, world: World): readonly string[] {
  return words
    .map((word) => word.replace(/^--?\w+=/, ""))
    .filter((word) => word !== "" && !word.startsWith("-") && originOf(call, world, word) === "made")
    .flatMap((word) => readText(call, world, word) ?? []);
}

/** Programs that nobody reads, and that take their orders from files. */
const scripted: ReadonlySet<string> = new Set([
  "gdb",
  "lldb",
  "m4",
  "gm4",
  "guile",
  "bc",
  "gnuplot",
  "octave",
]);

function given(name: string, path: string): Reading {
  return effects(opaqueEffect(name, path, `"${name}" is given the path of a program that deletes`));
}

function isWhole(word: Arg): boolean {
  return isKnown(word) && alone.test(word);
}

/** Whether a text of some language starts a program that deletes, by its path. */
export function namesDeleter(text: string): boolean {
  return started.test(text);
}

/** Tools whose own reader says nothing of what they do with a program: give it another name, or start it from a script. */
export const carriers: ReadonlySet<string> = new Set([
  "gdb",
  "lldb",
  "cp",
  "ln",
  "install",
  "mv",
  "rsync",
  "gcp",
  "gln",
  "ginstall",
  "dd",
  "gdd",
  "tar",
  "bsdtar",
  "scp",
  "tee",
  "sponge",
  "strip",
  "objcopy",
]);

/** They put what they read into a file that they name themselves. */
const keeping: ReadonlySet<string> = new Set(["dd", "gdd", "tee", "gtee", "sponge"]);

const program = /(?:\/usr)?(?:\/local)?\/s?bin\/(?:rm|unlink|shred|truncate)\b/;
const alone = new RegExp(`^${program.source}$`);
/** As a word, at the start of a line, or behind what starts programs; not in the middle of a sentence. */
const started = new RegExp(
  `(?:^\\s*|["'\`(!;|&{]\\s*|\\bif=|\\bfile:\\/\\/|\\b(?:exec|shell|system|spawn|sh|run|qw)\\b[\\s(]*)${program.source}(?=$|[\\s"',;|&)\\]}])`,
  "m",
);

/** They look at a path, or print it. */
const inert: ReadonlySet<string> = new Set(
  (
    "[ [[ ack ag apt-file basename cat cd cmp command compgen cut declare diff dirname dpkg dpkg-query du echo egrep export " +
    "fgrep file getcap gh grep hash head help hexdump info ldd let local ls lsattr man md5sum namei nm objdump od open " +
    "printf read readelf readlink readonly realpath rg rpm set sha1sum sha256sum stat strings tail test tr tree type " +
    "typeset wc whatis whereis which xxd zcat"
  ).split(" "),
);
