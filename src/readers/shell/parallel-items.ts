import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { hasOption, type Options, optionValue, optionValues } from "../options.js";

/** What one job is given: its arguments in order, and those that a header names. */
export interface Job {
  readonly items: readonly Arg[];
  readonly named: ReadonlyMap<string, Arg>;
}

/** The words of the command, and what its jobs are given. */
export interface Jobs {
  readonly template: readonly Arg[];
  /** Some of many, when there are more than can be looked at one by one. */
  readonly jobs: readonly Job[];
  /** Nothing says what it works on but its standard input. */
  readonly isFromInput: boolean;
}

const maxJobs = 200;
const unforeseen: Unknown = unknown("items of parallel", "they are known when it runs", "", true);

interface Source {
  readonly items: readonly Arg[];
  /** `:::+`: its items go with those of the source in front, one by one. */
  readonly isLinked: boolean;
}

/** `::: a b ::: c d` makes each pair; `:::+`, `--link` go side by side; `-N 2` takes two at a time; `--colsep` parts an item. */
export function readJobs(call: Call, world: World, given: Options): Jobs {
  const separators = separatorsOf(given);
  const at = given.operands.findIndex((word) => isKnown(word) && separators.has(word));
  const template = at < 0 ? given.operands : given.operands.slice(0, at);
  const written = at < 0 ? [] : readSources(call, world, given.operands.slice(at), separators);
  const files = optionValues(given, "arg-file").map((file) => ({
    items: itemsIn(call, world, file, given),
    isLinked: false,
  }));
  const isFromInput = written.length === 0 && files.length === 0;
  const isPiped = hasOption(given, "spreadstdin", "pipepart", "semaphore", "nonall");
  const sources = isFromInput
    ? isPiped
      ? []
      : [{ items: inputItems(call, world, given), isLinked: false }]
    : hasOption(given, "pipepart")
      ? written
      : [...files, ...written];
  return { template, jobs: combine(sources, given), isFromInput };
}

function separatorsOf(given: Options): ReadonlyMap<string, "items" | "files"> {
  const items = textOf(optionValue(given, "arg-sep"), ":::");
  const files = textOf(optionValue(given, "arg-file-sep"), "::::");
  return new Map([
    [items, "items"],
    [`${items}+`, "items"],
    [files, "files"],
    [`${files}+`, "files"],
  ]);
}

function textOf(word: Arg | undefined, usual: string): string {
  return word !== undefined && isKnown(word) ? word : usual;
}

function readSources(
  call: Call,
  world: World,
  words: readonly Arg[],
  separators: ReadonlyMap<string, "items" | "files">,
): readonly Source[] {
  const sources: { items: Arg[]; readonly isLinked: boolean }[] = [];
  let kind: "items" | "files" = "items";
  for (const word of words) {
    const separator = isKnown(word) ? separators.get(word) : undefined;
    if (separator !== undefined) {
      kind = separator;
      sources.push({ items: [], isLinked: isKnown(word) && word.endsWith("+") });
      continue;
    }
    const isFirst = kind === "items" || sources.at(-1)?.items.length === 0;
    // Each file behind `::::` is a source of its own.
    if (!isFirst) sources.push({ items: [], isLinked: false });
    sources.at(-1)?.items.push(...(kind === "items" ? [word] : itemsIn(call, world, word, undefined)));
  }
  return sources;
}

function itemsIn(call: Call, world: World, file: Arg, given: Options | undefined): readonly Arg[] {
  if (file === "-") return inputItems(call, world, given);
  const text = readText(call, world, file);
  return text === undefined ? [unforeseen] : split(text, given);
}

function inputItems(call: Call, world: World, given: Options | undefined): readonly Arg[] {
  const { stdin } = call;
  const text =
    stdin.kind === "text"
      ? stdin.text
      : stdin.kind === "file"
        ? readText(call, world, stdin.path)
        : undefined;
  if (text !== undefined) return split(text, given);
  return [stdin.kind === "unknown" ? { ...unforeseen, reason: stdin.reason } : unforeseen];
}

function split(text: string, given: Options | undefined): readonly Arg[] {
  const said = given === undefined ? undefined : optionValue(given, "delimiter");
  const isNull = given !== undefined && hasOption(given, "null");
  const mark = isNull || said === "\\0" ? "\0" : said === undefined || said === "\\n" ? "\n" : said;
  if (!isKnown(mark) || mark === "") return [unforeseen];
  const parts = text.split(mark);
  const items = parts.at(-1) === "" || parts.at(-1) === "\n" ? parts.slice(0, -1) : parts;
  return items.length > maxJobs ? [unforeseen] : items;
}

function combine(sources: readonly Source[], given: Options): readonly Job[] {
  const isLinked = hasOption(given, "xapply");
  const header =
    optionValue(given, "header") === undefined ? undefined : sources.map(({ items }) => items[0]);
  const rows = sources
    .map((source) => (header === undefined ? source : { ...source, items: source.items.slice(1) }))
    .reduce<readonly (readonly Arg[])[]>(
      (all, source, at) =>
        at > 0 && (isLinked || source.isLinked) ? beside(all, source.items) : product(all, source.items),
      [[]],
    );
  const parted = rows.map((row) => row.flatMap((item) => columns(item, optionValue(given, "colsep"))));
  return grouped(parted, given)
    .slice(0, maxJobs)
    .map((items) => ({ items, named: namesOf(header, items) }));
}

function product(rows: readonly (readonly Arg[])[], items: readonly Arg[]): readonly (readonly Arg[])[] {
  const kept = items.slice(0, Math.max(1, Math.floor(maxJobs / Math.max(1, rows.length))));
  return rows.flatMap((row) => kept.map((item) => [...row, item]));
}

function beside(rows: readonly (readonly Arg[])[], items: readonly Arg[]): readonly (readonly Arg[])[] {
  return rows.map((row, at) => [...row, items[at % Math.max(1, items.length)] ?? unforeseen]);
}

function columns(item: Arg, mark: Arg | undefined): readonly Arg[] {
  if (mark === undefined) return [item];
  if (!isKnown(item)) return Array.from({ length: 9 }, () => item);
  // It is a pattern; of those only these are plain.
  const plain = isKnown(mark) ? (mark === "\\t" ? "\t" : mark.replace(/^\\(?=\W)/, "")) : "";
  return plain === "" || /[*+?[\](){}^$]/.test(plain) ? [item, ...item.split(/\s+|,|;/)] : item.split(plain);
}

function grouped(rows: readonly (readonly Arg[])[], given: Options): readonly (readonly Arg[])[] {
  const all = rows.flat();
  if (hasOption(given, "X", "m", "xargs")) return rows.length === 0 ? [] : [all];
  const said = optionValue(given, "max-replace-args") ?? optionValue(given, "max-lines");
  const count = said !== undefined && isKnown(said) ? Number(said) : 1;
  // Without arguments the command runs all the same: `-n0`.
  if (count === 0) return rows.map(() => []);
  if (!(count > 1)) return rows;
  return Array.from({ length: Math.ceil(all.length / count) }, (_, at) =>
    all.slice(at * count, (at + 1) * count),
  );
}

function namesOf(
  header: readonly (Arg | undefined)[] | undefined,
  items: readonly Arg[],
): ReadonlyMap<string, Arg> {
  const named = new Map<string, Arg>();
  header?.forEach((name, at) => {
    const item = items[at];
    if (name !== undefined && isKnown(name) && item !== undefined) named.set(name, item);
  });
  return named;
}
