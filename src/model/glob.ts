import picomatch from "picomatch";

/**
 * Globs as everything here reads them: `*` stays within a folder, a dot in front and a `!` are letters. What fits is told by a
 * regular expression that goes back at each star, so that `*a*a*a*a*b` before a name of a thousand letters would take for ever, and a
 * broker with it; names are the agent's to choose, a workspace's manifest may be its work, and so are the words of a call that are
 * globs themselves (`grep --include='+(a|aa)b'`). Such a name throws, which denies the call.
 */
export function globMatcher(
  globs: readonly string[],
  options: { readonly nocase?: boolean; readonly flags?: string } = {},
): (text: string) => boolean {
  const long = globs.find((glob) => glob.length > mostLetters);
  if (long !== undefined) throw new Error(`a glob of ${long.length} characters is too long`);
  const fits = picomatch(globs.map(endSafely), { dot: true, nonegate: true, ...options });
  const slow = globs.flatMap((glob) => {
    const turns = turnsOf(glob);
    return turns.isPlain ? [] : [{ glob, turns }];
  });
  if (slow.length === 0) return (text) => fits(text);
  return (text) => {
    for (const { glob, turns } of slow)
      if (mostSteps(turns, text) > limit)
        throw new Error(`the glob "${glob}" has too many stars for a name of ${text.length} characters`);
    return fits(text);
  };
}

/** Text as a glob that fits this very text and no other. picomatch takes several backslashes in a row for one. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\()[\]{}*?!+@|^$"]/g, (sign) => (sign === "\\" ? "[\\\\]" : `\\${sign}`));
}

/** A path, each sign of it escaped. picomatch takes seconds for five times as much of nothing but braces. */
const mostLetters = 20_000;

/** picomatch 4.0.7 steps over the end of `(\\\\`, and then looks for it for ever. */
function endSafely(glob: string): string {
  return glob.replace(/\\{2,}$/, (run) => "[\\\\]".repeat(run.length / 2) + "\\".repeat(run.length % 2));
}

/** Some tenths of a second. */
const limit = 30_000_000;

/** Where a glob's regular expression may go back. */
interface Turns {
  /** Too few of them to be slow before any name. */
  readonly isPlain: boolean;
  /** `**` between slashes: they share out the folders. */
  readonly across: number;
  /** Of all others the most in one folder's name: they share out its letters. */
  readonly within: number;
  /** In how many ways the choices of groups can be made. */
  readonly choices: number;
  /** A group is repeated: picomatch makes `(a|aa)+` of `+(a|aa)`, and leaves `(a+)+` as it is. */
  readonly isRepeated: boolean;
}

function turnsOf(glob: string): Turns {
  // A sign that is escaped is a letter. The last star takes what is left, and never goes back.
  const bare = glob.replace(/\\./gs, "x").replace(/\*+$/, "");
  const across = bare.split("/").filter((part) => /^\*{2,}$/.test(part)).length;
  const isGrouped = /[()[\]{}]/.test(bare);
  const parts = isGrouped ? [bare] : bare.split("/");
  const star = isGrouped ? /[*+]+/g : /\*+/g;
  const within = Math.max(
    ...parts.map((part) => (/^\*{2,}$/.test(part) ? 0 : (part.match(star)?.length ?? 0))),
  );
  const isRepeated = /[*+]\(|\)[*+{]|\}\+/.test(bare);
  const choices = isGrouped ? 2 ** (bare.match(/[,|]|[)\]}]\?|[?!]\(/g)?.length ?? 0) : 1;
  return {
    isPlain: across + within <= 2 && choices < 2 ** 10 && !isRepeated,
    ...{ across, within, choices, isRepeated },
  };
}

/** In how many ways the stars can share out the text. */
function mostSteps({ across, within, choices, isRepeated }: Turns, text: string): number {
  const names = text.split("/");
  // A group may hold slashes.
  const longest = choices > 1 || isRepeated ? text.length : Math.max(...names.map((name) => name.length));
  return ways(names.length, across) * ways(longest, within) * choices * (isRepeated ? 2 ** text.length : 1);
}

/** count to the power of stars, divided by all orders of them. */
function ways(count: number, stars: number): number {
  let found = 1;
  for (let at = 1; at <= stars; at++) found *= (count + stars - at) / at;
  return found;
}
