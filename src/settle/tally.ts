import { showBytes } from "../model/amount.js";
import type { Recovery } from "../model/effect.js";
import type { Entry } from "./evidence.js";
import type { Loss } from "./loss.js";

/** Adds up a tree, entry by entry: the worst one decides. */
export interface Tally {
  /** Entries looked at so far. */
  entries(): number;
  count(): void;
  /** A file, with what its own loss would mean. */
  weigh(path: string, stat: Entry, loss: Loss): void;
  /** A file that could be had back. */
  keep(recovery: Recovery, stat: Entry): void;
  lose(path: string, why: string): void;
  /** Something that could not be looked at. */
  doubt(reason: string): void;
  isLost(): boolean;
  sum(): Loss;
}

/** `isBrief`: it ends with the first loss, and knows of no amount. */
export function createTally(top: string, isBrief: boolean): Tally {
  const lost = new Map<string, string[]>();
  const sums = { entries: 0, files: 0, bytes: 0, inGit: 0, lost: 0, named: 0 };
  let doubts = "";
  const tally: Tally = {
    entries: () => sums.entries,
    count() {
      sums.entries += 1;
    },
    weigh(path, stat, { recovery, because }) {
      tally.keep(recovery, stat);
      if (recovery === "unknown") tally.doubt(because);
      if (recovery === "none") tally.lose(path, because);
    },
    keep(recovery, stat) {
      if (stat.kind === "directory") return;
      sums.files += 1;
      sums.bytes += stat.size;
      if (recovery === "git") sums.inGit += 1;
    },
    lose(path, why) {
      sums.lost += 1;
      if (sums.named === 3) return;
      sums.named += 1;
      const name = path === top ? "the folder itself" : path.slice(top.length + 1);
      lost.set(why, [...(lost.get(why) ?? []), name]);
    },
    doubt(reason) {
      doubts ||= reason;
    },
    isLost: () => sums.lost > 0,
    sum() {
      const kind = doubts === "" ? "exact" : "at-least";
      const extent = { kind, count: sums.files, unit: "files" } as const;
      const amount = `${sums.files} ${sums.files === 1 ? "file" : "files"}, ${showBytes(sums.bytes)}`;
      if (sums.lost > 0) {
        const reasons = [...lost].map(([why, names]) => `${why}: ${names.join(", ")}`).join("; ");
        if (isBrief) return { recovery: "none", because: reasons, extent: { kind: "unknown" } };
        const more = sums.lost > sums.named ? ` and ${sums.lost - sums.named} more` : "";
        return { recovery: "none", because: `${reasons}${more} (of ${amount})`, extent };
      }
      if (doubts !== "") return { recovery: "unknown", because: doubts, extent: { kind: "unknown" } };
      if (sums.inGit > 0)
        return { recovery: "git", because: `git holds what would be lost (${amount})`, extent };
      const because =
        sums.files === 0
          ? "holds nothing that would be lost"
          : `made in this session or build output (${amount})`;
      return { recovery: "recreate", because, extent };
    },
  };
  return tally;
}
