import { statSync } from "node:fs";
import { join } from "node:path/posix";

/** A call, by the numbers that processes have inside. */
interface Caller {
  readonly name: string;
  readonly pid: number;
  readonly parentPid: number;
}

/**
 * git does much of its work by starting git: `git stash` saves, and then starts `git reset --hard`. That was judged with the git that was
 * let run; outside of a sandbox no shim sees it, for git looks into its own folder first. Told by the file that the parent runs, not by a
 * name. A process that was another program before is none that git started: its editor's shell becomes the git that its text names.
 * `folders`: where git may lie. `proc`: the sandbox's own `/proc`.
 */
export function openOwnWork(folders: readonly string[], proc: () => string): (call: Caller) => boolean {
  const gits = new Set(folders.map((folder) => fileOf(join(folder, "git"))));
  gits.delete(undefined);
  const others = new Set<number>();
  return ({ name, pid, parentPid }) => {
    if (name === "git") return !others.has(pid) && gits.has(fileOf(`${proc()}/${parentPid}/exe`));
    others.delete(pid);
    others.add(pid);
    for (const oldest of others) {
      if (others.size <= most) break;
      others.delete(oldest);
    }
    return false;
  };
}

/** Less than a system starts before it uses a number again. */
const most = 20_000;

/** What a path leads to, whatever mount it is reached by. */
export function fileOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
