import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { replaceReport } from "./report-files.js";

/**
 * Puts ours before what the job wrote into `$GITHUB_STEP_SUMMARY`: an `<!--` or a fence that it left open would swallow what
 * comes after. GitHub drops a summary above 1 MiB as a whole, so where both do not fit, ours stands alone. `former` is what
 * an earlier call put there. Throws where it cannot be written.
 */
export function putJobSummary(file: string, text: string, former: string): void {
  const before = readSummary(file);
  const job = before?.startsWith(former) ? before.slice(former.length) : before;
  const fits = job !== undefined && Buffer.byteLength(text) + Buffer.byteLength(job) <= mostBytes;
  replaceReport(file, fits ? `${text}${job}` : `${text}The job's own summary was too large to stand here.\n`);
}

/** Not through a link, which the command could have put there. Undefined: larger than GitHub takes. */
function readSummary(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return "";
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return "";
    return stat.size <= mostBytes ? readFileSync(descriptor, "utf8") : undefined;
  } finally {
    closeSync(descriptor);
  }
}

const mostBytes = 1024 * 1024;
