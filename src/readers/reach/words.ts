import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { toolName } from "../file-effects.js";
import { textsAmong } from "./texts.js";

/** The words of a call that may name a file: without those that are text to it, and those that it hands on to another. */
export function wordsOf(call: Call, inner: readonly Inner[]): readonly Arg[] {
  const texts = textsAmong(toolName(call), call.argv);
  const calls = inner.flatMap((one) =>
    one.kind === "call" ? one.argv : one.host === undefined ? [] : (one.args ?? []),
  );
  const lines = inner.flatMap((one) => (one.kind === "line" && one.isFile !== true ? [one.text] : []));
  return call.argv.filter((word, at) => {
    if (at === 0 || texts.has(at)) return false;
    if (!isKnown(word)) return !calls.includes(word);
    return !calls.includes(word) && !lines.some((line) => line.includes(word));
  });
}

/**
 * What a word may name: itself, and what stands behind a letter's option, `=`, `@`, `:`, `,` or `;` in it. `--file=x`, `-d@x`,
 * `HEAD:x`, `name=@x;type=y`, `a,b`.
 */
export function namedIn(word: Arg, tool: string): readonly Arg[] {
  if (!isKnown(word)) return [word];
  if (word === "" || word === "-" || word.length > longest || /[\n\r]/.test(word)) return [];
  // Most words are one name.
  if (!/^[-!]|[=@:,;]/.test(word)) return [word];
  const [, local] = /^file:\/\/(?:localhost)?(\/.*)$/i.exec(word) ?? [];
  if (local !== undefined) return [local];
  // Somebody else's files, or what is left out: `https://…`, `:!docs`, `!*.md`.
  if (/^[a-z][\w+.-]*:\/\/|^:[!^(]|^!/i.test(word)) return [];
  // `host:path`, `/here:/in/the/container`: what stands behind it lies elsewhere.
  if (far.has(tool) && word.includes(":")) return namedIn(word.slice(0, word.indexOf(":")), tool);
  const parts = word.split(/[=@:,;]/);
  const tails = parts.length === 1 ? [] : tailsOf(word);
  const attached = /^-[A-Za-z][^-]/.test(word) ? [word.slice(2)] : [];
  const own = word.startsWith("-") ? [] : [word];
  return [...new Set([...own, ...attached, ...(parts.length === 1 ? [] : parts.slice(0, most)), ...tails])]
    .filter((one) => one !== "" && one !== "." && one !== "..")
    .concat(own.filter((one) => one === "." || one === ".."));
}

const far: ReadonlySet<string> = new Set(
  "scp rsync sftp rclone docker podman nerdctl kubectl oc unison mutagen".split(" "),
);
const longest = 4096;
/** Separators looked behind: a list of a thousand names is no call's word. */
const most = 40;

function tailsOf(word: string): readonly string[] {
  return [...word.matchAll(/[=@:,;]/g)].slice(0, most).map(({ index }) => word.slice(index + 1));
}
