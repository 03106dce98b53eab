import { type Arg, isKnown } from "../model/arg.js";

/**
 * What a filter's words say that it takes of a file of settings: `sed -n 's/^RAILWAY_TOKEN=//p'`, `grep RAILWAY_TOKEN`,
 * `jq -r .auth.token`. Empty where they do not say, or name more than a few.
 */
export function keysNamed(name: string, rest: readonly Arg[]): readonly string[] {
  const words = rest.filter(isKnown);
  const keys = [...new Set(namesIn(name, words))];
  return keys.length > maxKeys ? [] : keys;
}

const maxKeys = 4;

function namesIn(name: string, words: readonly string[]): readonly string[] {
  if (/^(jq|yq)$/.test(name)) return lastNames(words.find((word) => !word.startsWith("-")) ?? "");
  if (/^([efz]?grep|rg|ag|ack|g?sed|[gmn]?awk|perl)$/.test(name))
    return matched(patternsOf(words), /[A-Za-z_]\w*/g).filter(isTelling);
  // `json.load(open('auth.json'))['token']`, `JSON.parse(fs.readFileSync('auth.json')).token`
  if (/^(python\d?|node|ruby)$/.test(name))
    return matched(words.join(" "), /(?<=["'])[A-Za-z_]\w*(?=["'])|(?<=\)\.)[A-Za-z_]\w*/g).filter(isTelling);
  return [];
}

/** Not the files: those have names of their own. */
function patternsOf(words: readonly string[]): string {
  const given = words.filter((_, at) => /^(-e|--regexp|--expression)$/.test(words[at - 1] ?? ""));
  const attached = words.flatMap(
    (word) => /^(?:-e|--regexp=|--expression=)(.+)$/s.exec(word)?.slice(1) ?? [],
  );
  const all = [...given, ...attached];
  return (all.length > 0 ? all : words.filter((word) => !word.startsWith("-")).slice(0, 1)).join(" ");
}

/** `.a.token`, `.["token"]`, `.accounts[0].api_key`. */
function lastNames(filter: string): readonly string[] {
  return matched(filter, /(?<=\.|\[")[A-Za-z_][\w-]*(?="?\]?[^\w".[-]|"?\]?$)/g);
}

function matched(text: string, pattern: RegExp): readonly string[] {
  return [...text.slice(0, 4_096).matchAll(pattern)].map(([word]) => word);
}

/** Names of settings, which no other letters of a pattern look like. */
function isTelling(word: string): boolean {
  return (
    /token|secret|passw|pwd|api_?key|access_?key|auth|cred|dsn|(^|_)(key|pat|url|uri)$/i.test(word) ||
    /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(word)
  );
}
