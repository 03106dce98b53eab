import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import { parseConfig } from "./curl-config.js";
import { curlOptions } from "./curl-options.js";

/** One option as curl would take it; a bare word is the option `url`. */
export interface CurlOption {
  /** The long name without dashes; `next` begins another request. */
  readonly name: string;
  /** Undefined for an option without a value. */
  readonly value: Arg | undefined;
  /** False after `--no-`. */
  readonly on: boolean;
  /** `--expand-NAME`: variables are put into the value. */
  readonly expand: boolean;
}

export interface CurlArgs {
  readonly options: readonly CurlOption[];
  /** Words of which it is not known whether they are options, and config files that could not be read. */
  readonly doubts: readonly Unknown[];
  /** It only explains itself: --help, --manual, --version. */
  readonly quits: boolean;
}

export type ReadText = (file: Arg) => string | Unknown;

/** The words after argv[0], and the config files they name, in the order in which curl would take them. */
export function readCurlArgs(words: readonly Arg[], readText: ReadText): CurlArgs {
  const state: State = { options: [], doubts: [], readText, depth: 0, quits: false };
  readWords(state, words);
  return state;
}

/** A config file that nobody named: ~/.curlrc. */
export function readCurlConfig(text: string, readText: ReadText): CurlArgs {
  const state: State = { options: [], doubts: [], readText, depth: 1, quits: false };
  readConfigText(state, text);
  return state;
}

/** Config files may name config files, and themselves. */
const maxDepth = 8;

interface State {
  readonly options: CurlOption[];
  readonly doubts: Unknown[];
  readonly readText: ReadText;
  readonly depth: number;
  quits: boolean;
}

/** Among the words they end curl before anything is sent; in a config file they are passed over. */
const quitting: ReadonlySet<string> = new Set(["help", "manual", "version"]);

interface OptionKind {
  readonly name: string;
  readonly hasValue: boolean;
}

const shortKinds = new Map<string, OptionKind>(
  curlOptions.flatMap(([letter, name, hasValue]) => (letter === "" ? [] : [[letter, { name, hasValue }]])),
);
const longKinds = new Map<string, OptionKind>(
  curlOptions.map(([, name, hasValue]) => [name, { name, hasValue }]),
);

function readWords(state: State, words: readonly Arg[]): void {
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    if (word === "--") {
      for (const rest of words.slice(at + 1)) push(state, "url", rest);
      return;
    }
    at += readWord(state, word, words[at + 1]);
  }
}

/** Returns how many words it took. */
function readWord(state: State, word: Arg, next: Arg | undefined): number {
  const text = isKnown(word) ? word : word.prefix;
  if (text.startsWith("--")) return readLong(state, word, text, next);
  if (text.startsWith("-")) return readCluster(state, word, text, next);
  // `curl $OPTIONS https://…` may hold anything; `curl "$URL"` too, but is taken for what it most likely is.
  if (!isKnown(word) && text === "") state.doubts.push(word);
  push(state, "url", word);
  return 1;
}

function readCluster(state: State, word: Arg, text: string, next: Arg | undefined): number {
  for (let at = 1; at < text.length; at += 1) {
    const kind = shortKinds.get(text[at] ?? "");
    if (kind === undefined) break;
    if (!kind.hasValue) {
      push(state, kind.name, undefined);
      continue;
    }
    const attached = at + 1 < text.length || !isKnown(word);
    return attached ? take(state, kind, valueAfter(word, at + 1)) : take(state, kind, next) + 1;
  }
  if (!isKnown(word)) state.doubts.push(word);
  return 1;
}

function readLong(state: State, word: Arg, text: string, next: Arg | undefined): number {
  const found = findLong(text.slice(2));
  if (found === undefined) {
    if (!isKnown(word)) state.doubts.push(word);
    return 1;
  }
  const { kind, on, expand, equals } = found;
  if (!kind.hasValue) {
    push(state, kind.name, undefined, on);
    return 1;
  }
  // `--data=x` is an error before 8.16 and a value since.
  if (equals >= 0) return take(state, kind, valueAfter(word, equals + 3), expand);
  if (!isKnown(word)) {
    state.doubts.push(word);
    return 1;
  }
  return take(state, kind, next, expand) + 1;
}

interface LongName {
  readonly kind: OptionKind;
  readonly on: boolean;
  readonly expand: boolean;
  /** Where the equals sign stands in the name, -1 without. */
  readonly equals: number;
}

function findLong(name: string): LongName | undefined {
  const equals = name.indexOf("=");
  const plain = equals < 0 ? name : name.slice(0, equals);
  const kind = findKind(plain);
  if (kind !== undefined) return { kind, on: true, expand: false, equals };
  const negated = plain.startsWith("no-") ? findKind(plain.slice(3)) : undefined;
  if (negated !== undefined && !negated.hasValue) return { kind: negated, on: false, expand: false, equals };
  const expanded = plain.startsWith("expand-") ? findKind(plain.slice(7)) : undefined;
  if (expanded?.hasValue) return { kind: expanded, on: true, expand: true, equals };
  return undefined;
}

/**
 * Before 8.6 any case and any unique beginning would do. What is unique depends on the version: of several, the oldest
 * option is the one that some curl would have taken.
 */
function findKind(name: string): OptionKind | undefined {
  const exact = longKinds.get(name);
  if (exact !== undefined || name === "") return exact;
  const lower = name.toLowerCase();
  const [oldest] = curlOptions
    .filter(([, long]) => long.startsWith(lower))
    .sort(([, nameA, , a], [, nameB, , b]) => age(nameA === lower, a) - age(nameB === lower, b));
  return oldest === undefined ? undefined : { name: oldest[1], hasValue: oldest[2] };
}

function age(isWhole: boolean, since: string): number {
  if (isWhole) return -1;
  const [major = 0, minor = 0] = since.split(".").map(Number);
  return since === "" ? 0 : major * 1000 + minor;
}

/** Returns 1, or 0 where no word is left for a value. */
function take(state: State, kind: OptionKind, value: Arg | undefined, expand = false): number {
  if (state.depth === 0 && quitting.has(kind.name)) state.quits = true;
  if (value === undefined) return 0;
  if (kind.name === "config") readConfig(state, value);
  else if (kind.name === "url" && !expand && isKnown(value) && value.startsWith("@"))
    readUrls(state, value.slice(1));
  else state.options.push({ name: kind.name, value, on: true, expand });
  return 1;
}

function push(state: State, name: string, value: Arg | undefined, on = true): void {
  if (on && state.depth === 0 && quitting.has(name)) state.quits = true;
  state.options.push({ name, value, on, expand: false });
}

function readConfig(state: State, file: Arg): void {
  if (state.depth >= maxDepth) {
    state.doubts.push(unknown("-K", "config files are nested too deep"));
    return;
  }
  const text = state.readText(file);
  if (isKnown(text)) readConfigText({ ...state, depth: state.depth + 1 }, text);
  else state.doubts.push(text);
}

/** `--url @FILE`, one a line, since 8.13: braces mean nothing in them, and each is saved under its own name. */
function readUrls(state: State, file: string): void {
  const text = state.readText(file);
  if (!isKnown(text)) {
    state.doubts.push(text);
    return;
  }
  for (const line of text.split("\n")) {
    const url = line.trim();
    if (url === "" || url.startsWith("#")) continue;
    push(state, "url", url.replace(/[{}[\]]/g, "\\$&"));
    push(state, "remote-name", undefined);
  }
}

function readConfigText(state: State, text: string): void {
  for (const { option, value } of parseConfig(text)) readWord(state, option, value);
}

function valueAfter(word: Arg, start: number): Arg {
  if (isKnown(word)) return word.slice(start);
  return { ...word, source: word.source.slice(start), prefix: word.prefix.slice(start) };
}
