import { findGlob, type PathGlob } from "../scope/globs.js";
import { joinPath, kindOf, type Look } from "./look.js";

/** Entries looked at in all before a plan is refused: half of a tree looked through protects nothing. */
export const mostEntries = 200_000;
/** Each becomes a mount, and the kernel is slow with very many. */
export const mostFound = 1_000;

export class TooMuch extends Error {}

export interface Found {
  readonly paths: readonly string[];
  /** Folders that cannot be listed: who owns one may change that, and one that can only be entered gives what is asked for by name. */
  readonly unread: readonly string[];
}

/** Looks through folders for what globs fit, all within one budget. */
export class Walk {
  private left = mostEntries;
  private found = 0;

  constructor(private readonly look: Look) {}

  /** The uppermost paths below a folder that fit one of the globs. Links are not followed: what fits by name is given as it is. */
  find(base: string, globs: readonly PathGlob[]): Found {
    const paths: string[] = [];
    const unread: string[] = [];
    const pending = [base];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const names = this.namesIn(folder, globs);
      if (names === undefined) unread.push(folder);
      for (const name of names ?? []) {
        const path = joinPath(folder, name);
        const glob = findGlob(globs, path);
        if (glob !== undefined) paths.push(this.counted(path, glob));
        else if (kindOf(path, this.look) === "folder") pending.push(path);
      }
    }
    return { paths, unread };
  }

  /** Files below a folder, by path, without those in folders of a name that is passed over. `what`: for words. */
  files(
    base: string,
    what: string,
    { isWanted, isPassed }: { isWanted: (path: string) => boolean; isPassed: (name: string) => boolean },
  ): readonly string[] {
    const paths: string[] = [];
    const pending = [base];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop())
      for (const name of this.listed(folder, what) ?? []) {
        const path = joinPath(folder, name);
        if (isPassed(name)) continue;
        const kind = kindOf(path, this.look);
        if (kind === "folder") pending.push(path);
        else if (kind === "file" && isWanted(path)) paths.push(path);
      }
    return paths;
  }

  private namesIn(folder: string, globs: readonly PathGlob[]): readonly string[] | undefined {
    return this.listed(folder, globs.map(({ shown }) => `"${shown}"`).join(", "));
  }

  private listed(folder: string, what: string): readonly string[] | undefined {
    const listing = this.look.readdir(folder, this.left + 1);
    if (!listing.ok) return undefined;
    this.left -= listing.names.length;
    if (!listing.complete || this.left < 0)
      throw new TooMuch(
        `${what} would have to be looked for in more than ${mostEntries.toLocaleString("en")} files: begin with the folder that is meant`,
      );
    return listing.names;
  }

  private counted(path: string, glob: PathGlob): string {
    this.found++;
    if (this.found > mostFound)
      throw new TooMuch(
        `"${glob.shown}" fits more than ${mostFound.toLocaleString("en")} files one by one: name the folders that they lie in`,
      );
    return path;
  }
}
