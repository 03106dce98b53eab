import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";

/** Options of one tool, as data. Declare it once, when the module loads. */
export interface OptionTable {
  /** GNU tools take options `anywhere`; wrappers stop at the `first` operand, for the rest is another command's. */
  readonly order: "anywhere" | "first";
  readonly short: ReadonlyMap<string, OptionKind>;
  readonly long: ReadonlyMap<string, OptionKind>;
  /** Long names that no abbreviation stands for: of git's `--h` is `--hard`. */
  readonly whole: readonly string[];
}

interface OptionKind {
  /** The last of its spellings, without dashes: `recursive` for `-r -R --recursive`. */
  readonly name: string;
  /** `attached`: a value only as `-oVALUE` or `--option=VALUE`. */
  readonly value: "none" | "required" | "attached";
}

export interface Options {
  readonly given: readonly GivenOption[];
  readonly operands: readonly Arg[];
  /** Why the reading might be another one: words that may be options, options that the table does not have. */
  readonly doubts: readonly Unknown[];
}

interface GivenOption {
  readonly name: string;
  /** Undefined for an option without a value (or a required one that is missing). */
  readonly value: Arg | undefined;
}

/** One string an option, its spellings in front: `-t --target-directory:` takes a value, `--color::` an attached one. */
export function declareOptions(
  order: OptionTable["order"],
  specs: readonly string[],
  whole: readonly string[] = [],
): OptionTable {
  // Most tools are never met in a session: a table is made when its tool is.
  let table: Pick<OptionTable, "short" | "long"> | undefined;
  const get = () => {
    table ??= tabulate(specs);
    return table;
  };
  return {
    order,
    whole,
    get short() {
      return get().short;
    },
    get long() {
      return get().long;
    },
  };
}

/** Options of one letter without a value: `switches("av")` is `-a`, `-v`. */
export function switches(letters: string): readonly string[] {
  return [...letters].map((letter) => `-${letter}`);
}

function tabulate(specs: readonly string[]): Pick<OptionTable, "short" | "long"> {
  const short = new Map<string, OptionKind>();
  const long = new Map<string, OptionKind>();
  for (const spec of specs) {
    const value = spec.endsWith("::") ? "attached" : spec.endsWith(":") ? "required" : "none";
    const spellings = spec.replace(/:+$/, "").split(" ");
    const kind: OptionKind = { name: (spellings.at(-1) ?? "").replace(/^--?/, ""), value };
    for (const spelling of spellings) {
      if (spelling.startsWith("--")) long.set(spelling.slice(2), kind);
      else short.set(spelling.slice(1), kind);
    }
  }
  return { short, long };
}

/** Reads the words after argv[0] as getopt_long(3) would. */
export function readOptions(words: readonly Arg[], table: OptionTable): Options {
  const state: State = { table, given: [], operands: [], doubts: [] };
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    if (word === "--") {
      state.operands.push(...words.slice(at + 1));
      break;
    }
    const text = isKnown(word) ? word : word.prefix;
    if (!text.startsWith("-") || word === "-") {
      // `rm $X` with X="-rf": an operand, most likely, and a doubt.
      if (!isKnown(word) && text === "") state.doubts.push(word);
      if (table.order === "first") {
        state.operands.push(...words.slice(at));
        break;
      }
      state.operands.push(word);
      at += 1;
      continue;
    }
    const next = words[at + 1];
    at += text.startsWith("--") ? readLong(state, word, next) : readCluster(state, word, next);
  }
  return { given: state.given, operands: state.operands, doubts: state.doubts };
}

/** Whether any of these was given, by the names that the table calls them by. */
export function hasOption(options: Options, ...names: readonly string[]): boolean {
  return options.given.some((option) => names.includes(option.name));
}

/** The value given last, as most tools take it. */
export function optionValue(options: Options, name: string): Arg | undefined {
  return options.given.findLast((option) => option.name === name)?.value;
}

/** Every value given, for options that add up; in the order of the words. */
export function optionValues(options: Options, name: string): readonly Arg[] {
  return options.given.flatMap(({ name: given, value }) =>
    given === name && value !== undefined ? [value] : [],
  );
}

interface State {
  readonly table: OptionTable;
  readonly given: GivenOption[];
  readonly operands: Arg[];
  readonly doubts: Unknown[];
}

/** Both return how many words they took. */
function readLong(state: State, word: Arg, next: Arg | undefined): number {
  const text = isKnown(word) ? word : word.prefix;
  const equals = text.indexOf("=");
  const kind =
    equals < 0 && !isKnown(word)
      ? undefined
      : findLong(state.table, text.slice(2, equals < 0 ? undefined : equals));
  if (kind === undefined) {
    state.doubts.push(isKnown(word) ? unknown(word, `no option "${word}" is known here`) : word);
    return 1;
  }
  // Programs written in Go switch a flag off with `--privileged=false`; others refuse a value where none belongs.
  if (kind.value === "none" && text.slice(equals) === "=false") return 1;
  if (equals >= 0) {
    state.given.push({ name: kind.name, value: valueAfter(word, equals + 1) });
    return 1;
  }
  return takeValue(state, kind, next);
}

/** A name, or an abbreviation that only one option (in any of its spellings) begins with. */
function findLong(table: OptionTable, name: string): OptionKind | undefined {
  const exact = table.long.get(name);
  if (exact !== undefined || name === "") return exact;
  const kinds = new Set<OptionKind>();
  for (const [spelling, kind] of table.long)
    if (spelling.startsWith(name) && !table.whole.includes(spelling)) kinds.add(kind);
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

function readCluster(state: State, word: Arg, next: Arg | undefined): number {
  const text = isKnown(word) ? word : word.prefix;
  for (let at = 1; at < text.length; at += 1) {
    const kind = state.table.short.get(text[at] ?? "");
    if (kind === undefined) {
      state.doubts.push(isKnown(word) ? unknown(word, `no option "-${text[at]}" is known here`) : word);
      return 1;
    }
    if (kind.value === "none") {
      state.given.push({ name: kind.name, value: undefined });
      continue;
    }
    const attached = at + 1 < text.length || !isKnown(word);
    if (attached) {
      state.given.push({ name: kind.name, value: valueAfter(word, at + 1) });
      return 1;
    }
    return takeValue(state, kind, next);
  }
  if (!isKnown(word)) state.doubts.push(word);
  return 1;
}

function takeValue(state: State, kind: OptionKind, next: Arg | undefined): number {
  const value = kind.value === "required" ? next : undefined;
  state.given.push({ name: kind.name, value });
  return value === undefined ? 1 : 2;
}

/** `-H"Authorization: $T"`: the unknown part is the value's, not the option's. */
function valueAfter(word: Arg, start: number): Arg {
  if (isKnown(word)) return word.slice(start);
  return {
    ...word,
    source: word.source.slice(Math.min(start, word.source.length)),
    prefix: word.prefix.slice(start),
  };
}
