import { writeFileSync } from "node:fs";

/**
 * Leaves nothing of this process in a core file or a report of Node's: its memory holds the variables that the session began
 * with. Children that are started from now on inherit that, so it comes after the session's own command. Linux alone has
 * such a filter. https://man7.org/linux/man-pages/man5/core.5.html
 */
export function dropDumps(): void {
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // No Linux, or a /proc that is not its own.
  }
  // Only where this process was started with options for them; a report lists all variables.
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnUncaughtException = false;
  report.reportOnSignal = false;
}
