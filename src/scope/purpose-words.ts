/**
 * The words of a path or a name, as they are compared: letters and digits, lower case, one word for a plural and for the usual
 * short names.
 */
export function wordsOf(name: string): ReadonlySet<string> {
  return new Set(split(name).map(plain));
}

/** Of a sentence, those of three letters or more that do not stand in every other one, nor in every other path. */
export function tellingWords(sentence: string): ReadonlySet<string> {
  const words = split(sentence).filter((word) => word.length >= 3);
  return new Set(words.map(plain).filter((word) => !common.has(word)));
}

/** Whether all words of a name are among these. */
export function hasAll(words: ReadonlySet<string>, name: ReadonlySet<string>): boolean {
  return name.size > 0 && [...name].every((word) => words.has(word));
}

export function namesProduction(words: ReadonlySet<string>): boolean {
  return words.has("production");
}

function split(text: string): readonly string[] {
  const parts = text.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").toLowerCase();
  return parts.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== "");
}

function plain(word: string): string {
  const short = shortNames.get(word);
  if (short !== undefined) return short;
  return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ["prod", "production"],
  ["prd", "production"],
  ["stage", "staging"],
  ["stg", "staging"],
  ["dev", "development"],
]);

/** What many paths and purposes share without having anything to do with each other. */
const common: ReadonlySet<string> = new Set(
  [
    "about add adjust all also and any are bring bug change check clean debug find fix for from get how improve into issue keep",
    "make more move new not old only our out problem refactor remove set task that the them then this todo tool try update upgrade",
    "use user why with work write",
    "app application cfg code common conf config configuration credential default dist doc dotenv env environment etc example file",
    "folder general global home include json key lib library local main misc module opt package password path project public",
    "repo resource root run sample script secret service setting shared source src template tmp token toml txt usr util value var",
    "variable version workspace xml yaml yml",
  ]
    .flatMap((line) => line.split(" "))
    .map(plain),
);
