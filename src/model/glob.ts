import picomatch from "picomatch";

/**
 * Globs as everything here reads them: `*` stays within a folder, a dot in front and a `!` are letters. What fits is told by a
 * regular expression that goes back at each star, so that `*a*a*a*a*b` before a name of a thousand letters would take for ever, and a
 * broker with it; names are the agent's to choose, and a workspace's manifest may be its work. Such a name throws, which denies the call.
 */
export function globMatcher(
  globs: readonly string[],
  options: { readonly nocase?: boolean; readonly flags?: string } = {},
): (text: string) => boolean {
  const fits = picomatch([...globs], { dot: true, nonegate: true, ...options });
  const slow = globs.filter((glob) => innerStars(glob).length > 2);
  if (slow.length === 0) return (text) => fits(text);
  return (text) => {
    for (const glob of slow)
      if (mostSteps(glob, text) > limit)
        throw new Error(`the glob "${glob}" has too many stars for a name of ${text.length} characters`);
    return fits(text);
  };
}

/** Some tenths of a second. */
const limit = 30_000_000;

/** The last one takes what is left, and never goes back. */
function innerStars(glob: string): readonly string[] {
  return glob.replace(/\*+$/, "").match(/\*+/g) ?? [];
}

/** In how many ways the stars can share out the text: those of one folder's name its letters, `**` its folders. */
function mostSteps(glob: string, text: string): number {
  const names = text.split("/");
  const longest = Math.max(...names.map((name) => name.length));
  const stars = innerStars(glob);
  const across = stars.filter((star) => star.length > 1).length;
  const within = Math.max(
    ...glob.split("/").map((part) => innerStars(part).filter((star) => star.length === 1).length),
  );
  return ways(names.length, across) * ways(longest, within);
}

/** count to the power of stars, divided by all orders of them. */
function ways(count: number, stars: number): number {
  let found = 1;
  for (let at = 1; at <= stars; at++) found *= (count + stars - at) / at;
  return found;
}
