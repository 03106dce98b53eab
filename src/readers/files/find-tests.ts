import type { Stat } from "../../model/world.js";

export type Truth = "yes" | "no" | "maybe";

export interface Entry {
  /** As find writes it: the root as given, and what is below it. */
  readonly path: string;
  readonly name: string;
  readonly stat: Stat & { readonly exists: true };
  readonly isEmpty: () => boolean;
  /** Milliseconds since the epoch; undefined where no clock is. */
  readonly now: number | undefined;
  /** Milliseconds, of the file that a `-newer` names. */
  readonly modifiedOf: (file: string) => number | undefined;
}

export interface TestKind {
  readonly takesValue: boolean;
  readonly test: (value: string) => (entry: Entry) => Truth;
}

/** What a word of find's asks. One that is not known here may be true of any file. */
export function findTest(name: string): TestKind {
  const plain = plainTests.get(name);
  if (plain !== undefined) return { takesValue: false, test: () => () => plain };
  if (name === "-empty") return { takesValue: false, test: () => (entry) => truth(entry.isEmpty()) };
  if (name === "-regextype") return { takesValue: true, test: () => () => "yes" };
  const test = valueTests.get(name);
  if (test !== undefined) return { takesValue: true, test };
  return { takesValue: openTests.test(name), test: () => () => "maybe" };
}

const plainTests: ReadonlyMap<string, Truth> = new Map([
  ["-true", "yes"],
  ["-false", "no"],
  ...["-xdev", "-mount", "-follow", "-noleaf", "-daystart", "-warn", "-nowarn", "-ignore_readdir_race"].map(
    (name) => [name, "yes"] as const,
  ),
]);

/** Tests with a value that are not weighed here: they may be true of any file. */
const openTests =
  /^-(amin|anewer|atime|cnewer|context|fstype|gid|group|ilname|iregex|lname|newer[aBcmt]{2}|regex|samefile|used|user|xattr|xtype|files0-from|flags)$/;

type ValueTest = (value: string) => (entry: Entry) => Truth;

const valueTests: ReadonlyMap<string, ValueTest> = new Map<string, ValueTest>([
  ["-name", (value) => matching(value, "", (entry) => entry.name)],
  ["-iname", (value) => matching(value, "i", (entry) => entry.name)],
  ["-path", (value) => matching(value, "", (entry) => entry.path)],
  ["-wholename", (value) => matching(value, "", (entry) => entry.path)],
  ["-ipath", (value) => matching(value, "i", (entry) => entry.path)],
  ["-iwholename", (value) => matching(value, "i", (entry) => entry.path)],
  ["-type", letters],
  ["-size", fitsSize],
  ["-inum", (value) => comparing(value, ({ stat }) => stat.inode)],
  ["-links", (value) => comparing(value, ({ stat }) => stat.links)],
  ["-uid", (value) => comparing(value, ({ stat }) => stat.uid)],
  ["-mtime", (value) => fitsAge(value, ({ stat }) => stat.modified, day)],
  ["-mmin", (value) => fitsAge(value, ({ stat }) => stat.modified, minute)],
  ["-ctime", (value) => fitsAge(value, ({ stat }) => stat.changed, day)],
  ["-cmin", (value) => fitsAge(value, ({ stat }) => stat.changed, minute)],
  ["-perm", fitsMode],
  [
    "-newer",
    (value) => (entry) => {
      const limit = entry.modifiedOf(value);
      return limit === undefined ? "maybe" : truth(entry.stat.modified > limit);
    },
  ],
]);

function matching(pattern: string, flags: string, textOf: (entry: Entry) => string): (entry: Entry) => Truth {
  const regexp = globExpression(pattern, flags);
  return (entry) => (regexp === undefined ? "maybe" : truth(regexp.test(textOf(entry))));
}

/** fnmatch(3) as find uses it: a star matches slashes and leading dots too. Undefined for what is not plain. */
function globExpression(pattern: string, flags: string): RegExp | undefined {
  if (pattern.includes("[[:") || pattern.includes("\\")) return undefined;
  const source = pattern.replace(/\[!?\]?[^\]]*\]|[*?]|./gs, (part) => {
    if (part === "*") return "[^]*";
    if (part === "?") return "[^]";
    if (part.length > 1) return part.replace(/^\[!/, "[^").replace(/(?<=^\[\^?)\]/, "\\]");
    return part.replace(/[\\^$.|+()[\]{}/]/, "\\$&");
  });
  try {
    return new RegExp(`^${source}$`, flags);
  } catch {
    return undefined;
  }
}

function letters(value: string): (entry: Entry) => Truth {
  const asked = value.split(",");
  return ({ stat }) => truth(asked.includes(letterOf[stat.kind]));
}

const letterOf = { file: "f", directory: "d", symlink: "l", device: "b,c", fifo: "p", socket: "s" } as const;

const unitSizes: ReadonlyMap<string, number> = new Map([
  ["", 512],
  ["b", 512],
  ["c", 1],
  ["w", 2],
  ["k", 1024],
  ["M", 1024 ** 2],
  ["G", 1024 ** 3],
]);

function fitsSize(value: string): (entry: Entry) => Truth {
  const [, number = "", letter = ""] = /^([-+]?\d+)([bcwkMG]?)$/.exec(value) ?? [];
  const unit = unitSizes.get(letter);
  return unit === undefined ? () => "maybe" : comparing(number, ({ stat }) => Math.ceil(stat.size / unit));
}

/** `+n` is more than n, `-n` less. */
function comparing(value: string, foundIn: (entry: Entry) => number): (entry: Entry) => Truth {
  const [, sign, digits] = /^([-+]?)(\d+)$/.exec(value) ?? [];
  if (digits === undefined) return () => "maybe";
  const limit = Number(digits);
  return (entry) => {
    const found = foundIn(entry);
    return truth(sign === "+" ? found > limit : sign === "-" ? found < limit : found === limit);
  };
}

const minute = 60_000;
const day = 86_400_000;

/** Whole units of age. A file that could pass the limit before find comes to it, or by `-daystart`, may be meant. */
function fitsAge(value: string, timeOf: (entry: Entry) => number, unit: number): (entry: Entry) => Truth {
  const [, sign, digits] = /^([-+]?)(\d+)$/.exec(value) ?? [];
  if (digits === undefined) return () => "maybe";
  const margin = unit === day ? day : 5 * minute;
  const limit = Number(digits);
  return (entry) => {
    if (entry.now === undefined) return "maybe";
    const age = entry.now - timeOf(entry);
    const low = Math.floor((age - margin) / unit);
    const high = Math.floor((age + margin) / unit);
    if (sign === "+") return high <= limit ? "no" : low > limit ? "yes" : "maybe";
    if (sign === "-") return low >= limit ? "no" : high < limit ? "yes" : "maybe";
    return high < limit || low > limit ? "no" : "maybe";
  };
}

/** Octal modes only: exactly, all of (`-`) or any of (`/`) these bits. */
function fitsMode(value: string): (entry: Entry) => Truth {
  const [, sign, digits] = /^([-/]?)([0-7]{1,4})$/.exec(value) ?? [];
  if (digits === undefined) return () => "maybe";
  const wanted = Number.parseInt(digits, 8);
  return ({ stat }) => {
    const mode = stat.mode & 0o7777;
    if (sign === "-") return truth((mode & wanted) === wanted);
    return truth(sign === "/" ? wanted === 0 || (mode & wanted) !== 0 : mode === wanted);
  };
}

function truth(value: boolean): Truth {
  return value ? "yes" : "no";
}
