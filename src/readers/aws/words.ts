import { type Arg, isKnown } from "../../model/arg.js";

/** An aws command line, taken apart. */
export interface AwsWords {
  /** Global options, the last one given of each. */
  readonly globals: ReadonlyMap<string, Arg>;
  readonly service: Arg | undefined;
  readonly operation: Arg | undefined;
  /** Everything behind the operation, global options left out. */
  readonly rest: readonly Arg[];
}

/** Global options may stand anywhere, abbreviated as long as no other one begins so. */
export function readAwsWords(argv: readonly Arg[]): AwsWords {
  const globals = new Map<string, Arg>();
  const plain: Arg[] = [];
  const rest: Arg[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    const text = isKnown(word) ? word : word.prefix;
    const equals = text.indexOf("=");
    const name = text.startsWith("--")
      ? findGlobal(text.slice(2, equals < 0 ? undefined : equals))
      : undefined;
    if (name !== undefined && (isKnown(word) || equals > 0)) {
      if (!valued.has(name)) globals.set(name, "");
      else if (equals >= 0) globals.set(name, isKnown(word) ? word.slice(equals + 1) : word);
      else {
        globals.set(name, argv[at + 1] ?? "");
        at += 1;
      }
    } else if (plain.length < 2 && !text.startsWith("--")) plain.push(word);
    else rest.push(word);
  }
  return { globals, service: plain[0], operation: plain[1], rest };
}

/** The values of each parameter, its name without dashes; `words` are those that belong to none, or to none for certain. */
export interface Parameters {
  readonly values: ReadonlyMap<string, readonly Arg[]>;
  readonly words: readonly Arg[];
}

export function readParameters(rest: readonly Arg[]): Parameters {
  const values = new Map<string, Arg[]>();
  const words: Arg[] = [];
  let current: Arg[] | undefined;
  for (const word of rest) {
    const text = isKnown(word) ? word : "";
    if (text.startsWith("--")) {
      const equals = text.indexOf("=");
      current = equals < 0 ? [] : [text.slice(equals + 1)];
      values.set(text.slice(2, equals < 0 ? undefined : equals), current);
      continue;
    }
    if (current === undefined || current.length > 0) words.push(word);
    current?.push(word);
  }
  return { values, words };
}

/** By full name, else by an abbreviation of it. */
export function parameter(parameters: Parameters, name: string): readonly Arg[] | undefined {
  const exact = parameters.values.get(name);
  if (exact !== undefined) return exact;
  for (const [given, values] of parameters.values)
    if (given.length > 3 && name.startsWith(given)) return values;
  return undefined;
}

/** `--dry-run --no-dry-run` sends false: the last one wins. Abbreviations count (`--dry`). */
export function isDryRun(rest: readonly Arg[]): boolean {
  let dry = false;
  for (const word of rest) {
    if (!isKnown(word)) continue;
    if (/^--dr[a-z-]*$/.test(word) && "--dry-run".startsWith(word)) dry = true;
    if (/^--no-d[a-z-]*$/.test(word) && "--no-dry-run".startsWith(word)) dry = false;
  }
  return dry;
}

const valued: ReadonlySet<string> = new Set([
  "endpoint-url",
  "output",
  "query",
  "profile",
  "region",
  "color",
  "ca-bundle",
  "cli-read-timeout",
  "cli-connect-timeout",
  "cli-binary-format",
  "cli-error-format",
]);
const flags = [
  "debug",
  "no-verify-ssl",
  "no-paginate",
  "no-sign-request",
  "version",
  "v2-debug",
  "no-cli-pager",
  "cli-auto-prompt",
  "no-cli-auto-prompt",
];

function findGlobal(name: string): string | undefined {
  if (valued.has(name) || flags.includes(name)) return name;
  // `--q` could be a parameter of the operation; short ones are taken only where they mean no other thing.
  const found = [...valued, ...flags].filter((global) => global.startsWith(name));
  return name.length >= 3 && found.length === 1 ? found[0] : undefined;
}
