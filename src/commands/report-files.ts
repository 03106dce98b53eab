import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ReportOption } from "./option-values.js";
import { UsageError } from "./usage-error.js";

/**
 * Where it will be written, decided before the command starts: what is a link by then leads nowhere else. Makes the folder.
 * Throws UsageError where it cannot be.
 */
export function placeReport({ file }: ReportOption, cwd: string): string {
  const path = resolve(cwd, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const placed = join(realpathSync(dirname(path)), basename(path));
    if (statSync(placed, { throwIfNoEntry: false })?.isDirectory() !== true) return placed;
  } catch (cause) {
    throw new UsageError([`--report ${file}: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
  throw new UsageError([`--report ${file}: is a folder`]);
}

/** Put into place whole, and in the place of a link, never through it: the command could have made one. Throws. */
export function replaceReport(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(fresh, text, { flag: "wx" });
    renameSync(fresh, path);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw cause;
  }
}
