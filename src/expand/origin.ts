import {
  type Arg,
  fromEncoding,
  fromNetwork,
  isForeign,
  isHarmless,
  isKnown,
  joinReasons,
} from "../model/arg.js";
import type { Stdin } from "../model/call.js";

/**
 * Why an output is not known, where that tells something of it: `curl URL`, and what a filter makes of it. It stays with
 * the value wherever it goes: a pipe, a variable, a file.
 */
export function originOf(argv: readonly Arg[], stdin: Stdin): string | undefined {
  const words = argv.map((arg) => (isKnown(arg) ? arg : arg.prefix));
  const at = words.findIndex((word) => !wrapping.test(word));
  const name = (words[at] ?? "").replace(/^.*\//, "");
  const rest = words.slice(at + 1);
  if (fetchers.has(name)) return isLocal(rest) ? undefined : fromNetwork;
  // `echo "$SCRIPT" | bash`
  const said = argv.find((arg) => !isKnown(arg) && isForeign(arg.reason));
  if (said !== undefined && !isKnown(said) && /^(echo|printf|cat)$/.test(name)) return said.reason;
  if (stdin.kind === "unknown" && isForeign(stdin.reason)) return stdin.reason;
  return decoders.get(name)?.test(rest.join(" ").slice(0, 4096)) ? fromEncoding : undefined;
}

/** Both, where both are worth knowing. */
export function joinOrigins(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isHarmless(one) ? joinReasons(other, one) : joinReasons(one, other);
}

/** Whether a text that is known is not handed on as such, for what it says would be lost: `$(cat .env)`. */
export function isKeptBack(origin: string | undefined): origin is string {
  return origin !== undefined && !isHarmless(origin);
}

/** Programs, their options and settings in front of the one that matters: `sudo -E curl`, `timeout 30 curl`. */
export const wrapping =
  /^(sudo|doas|command|exec|env|time|timeout|nice|nohup|stdbuf|proxychains4?|torsocks|-.*|\d+[smh]?|\w+=.*)$/s;

const fetchers: ReadonlySet<string> = new Set(
  "curl wget wget2 http https httpie xh xhs curlie aria2c lynx links w3m fetch lwp-request lwp-download nc ncat netcat telnet".split(
    " ",
  ),
);

/** A server of this machine is somebody's own. */
function isLocal(words: readonly string[]): boolean {
  const urls = words.filter((word) => !word.startsWith("-") && /[/.:]/.test(word));
  return urls.length > 0 && urls.every((url) => /^(https?:\/\/)?(localhost|127\.|\[::1\])/.test(url));
}

/** What they read is hidden from whoever looks at it. */
const decoders: ReadonlyMap<string, RegExp> = new Map([
  ["base64", /(^| )(-[a-zA-Z]*[dD]|--decode)/],
  ["base32", /(^| )(-[a-z]*d|--decode)/],
  ["basenc", /(^| )(-[a-z]*d|--decode)/],
  ["xxd", /(^| )-[a-z]*r/],
  ["uudecode", /^/],
  ["openssl", /^(enc|base64|aes\S*|des\S*) (.* )?-d( |$)/],
  ["gpg", /(^| )(-[a-z]*d|--decrypt)( |$)/],
  ["rev", /^/],
]);
