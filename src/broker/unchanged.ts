import { isKnown } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { askedEffects, grantKey } from "./grants.js";

/** Says what is another now than when it was shown to a human; undefined: nothing is. */
export type Watch = () => Promise<string | undefined>;

export interface Watched {
  readonly judgement: Judgement;
  /** Judges the same request once more. */
  readonly again: () => Promise<Judgement>;
  /** Of the caller, as it stands now. */
  readonly cwd: string;
  /** Absolute paths of what runs, or is read, without being a word of a call. */
  readonly files: readonly string[];
  readonly world: World;
}

/**
 * A card may be up for minutes, in which other processes of the session go on: they can turn a link in a target's path, write
 * another script, or move the caller's folder so that `../data` is another. What was answered is what was shown, so that is
 * looked at once more before the answer counts: whether the judge says the same, and whether the files that the calls name,
 * which no reader need know (`kubectl delete -f`), hold the same.
 */
export function watchFor({ judgement, again, cwd, files, world }: Watched): Watch {
  const look = (): ReadonlyMap<string, string> =>
    new Map([
      [cwd, placeOf(cwd, world)],
      ...[...files, ...namedFiles(judgement, world)].map((path) => [path, contentOf(path, world)] as const),
    ]);
  const before = look();
  return async () => {
    const now = await again();
    if (now.verdict === "deny") return "what it would do is forbidden by now";
    if (!isAmong(now, judgement)) return "what it would do is not what was shown";
    const after = look();
    const changed = [...before].find(([path, print]) => after.get(path) !== print);
    return changed === undefined ? undefined : `${changed[0]} is not what it was`;
  };
}

/** Whether all that somebody has to be asked about now was asked about then. Less may be left of it. */
function isAmong(now: Judgement, shown: Judgement): boolean {
  const left = askedEffects(shown).map(printOf);
  return askedEffects(now).every((effect) => {
    const at = left.indexOf(printOf(effect));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** What a human goes by, apart from words: of files what would be lost of them, for what the session makes meanwhile is no loss. */
function printOf(effect: Effect): string {
  const { recovery, certainty, credentials, extent } = effect;
  const amount =
    effect.resource === "file"
      ? [effect.place, effect.because.replace(/ \(.*\)$/, "")]
      : Object.values(extent);
  const signed = credentials.map(({ name, from, fingerprint }) => `${name} ${from} ${fingerprint}`);
  return [grantKey(effect), recovery, certainty, ...amount, ...signed].join("\u0002");
}

/**
 * Regular files that the calls in question read by their words: `-f FILE`, `--data=@FILE`, `file://FILE`. Not what they change:
 * a log that is deleted may grow.
 */
function namedFiles({ calls, effects, matches, origins }: Judgement, world: World): readonly string[] {
  const changed = new Set(
    effects.flatMap((effect) =>
      effect.resource === "file" && effect.action !== "read" ? [world.realpath(effect.target)] : [],
    ),
  );
  const found = new Set<string>();
  const behind = new Set(matches.map((match) => origins.effects[match.effect]));
  for (const [index, { argv, cwd, stdin }] of calls.entries()) {
    if (!behind.has(index) || !isKnown(cwd)) continue;
    const words = stdin.kind === "file" ? [...argv.slice(1), stdin.path] : argv.slice(1);
    for (const word of words) {
      if (found.size >= mostFiles) return [...found];
      if (!isKnown(word)) continue;
      for (const name of namesIn(word)) {
        const path = name.startsWith("/") ? name : `${cwd}/${name}`;
        const real = world.realpath(path);
        const stat = world.lstat(real);
        if (stat.exists && stat.kind === "file" && !changed.has(real)) found.add(path);
      }
    }
  }
  return [...found];
}

/** A word, and the parts of it that tools take for a name: `body=@a.json` is `a.json` to one and itself to another. */
function namesIn(word: string): readonly string[] {
  if (word === "" || word.length > longestName) return [];
  const value = word.slice(word.indexOf("=") + 1);
  const names = [
    word,
    value,
    value.replace(/^[@<]/, ""),
    value.replace(/^fileb?:\/\//, ""),
    word.replace(/^-\w/, ""),
  ];
  return [...new Set(names)].filter((name) => name !== "" && !name.includes("\0"));
}

/** Where it leads, and what it holds; of what is large, what the file system says of it. */
function contentOf(path: string, world: World): string {
  const real = world.realpath(path);
  const stat = world.lstat(real);
  if (!stat.exists) return "missing";
  const { device, inode, size, modified, changed } = stat;
  const content = size > largest ? undefined : world.readFile(real, largest);
  const print =
    content?.ok === true
      ? world.fingerprint(Buffer.from(content.bytes).toString("latin1"))
      : [device, inode, size, modified, changed].join(" ");
  return `${real} ${print}`;
}

/** A folder that was renamed has another one in its place, or none. */
function placeOf(path: string, world: World): string {
  const stat = world.lstat(world.realpath(path));
  return stat.exists ? `${stat.device} ${stat.inode}` : "missing";
}

const mostFiles = 500;
/** Characters, as the system takes them. */
const longestName = 4096;
/** Bytes. */
const largest = 4 * 1024 * 1024;
