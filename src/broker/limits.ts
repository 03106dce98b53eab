import { readFileSync } from "node:fs";

/** What of a session may be under way at once. Past it, callers are refused; the guard itself stays whole. */
export interface Limits {
  /** Callers that wait for an answer. */
  readonly callers: number;
}

/** As this process may open files: a broker without descriptors could look at nothing. Read late, for few need it. */
export function systemLimits(): Limits {
  const most = Math.floor((openFiles() - ownFiles) * 0.75);
  return { callers: Math.max(8, Math.min(most, 12_000)) };
}

/** For the log, the terminal, previews, git and its pipes. */
const ownFiles = 100;

/** How many files this process may have open; a modest number where the system does not tell. */
function openFiles(): number {
  try {
    const [, soft = ""] =
      /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
    return soft === "unlimited" ? 1_000_000 : Number(soft) || modest;
  } catch {
    return modest;
  }
}

const modest = 2000;
