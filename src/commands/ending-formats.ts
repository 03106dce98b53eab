import { assertNever } from "../model/assert-never.js";
import { annotationRows } from "../report/annotations.js";
import type { Ending } from "../report/findings.js";
import { jobSummary } from "../report/job-summary.js";
import { jsonReport } from "../report/json.js";
import { junitReport } from "../report/junit.js";
import { sarifReport } from "../report/sarif.js";
import { summaryRows } from "../report/summary.js";
import { putJobSummary } from "./job-summary-file.js";
import type { ReportFormat } from "./option-values.js";
import type { Places } from "./places.js";
import { replaceReport } from "./report-files.js";
import { readVersion } from "./version.js";

export { toFindings } from "../report/findings.js";

/** A report that cannot be written is named on stderr; the others are written all the same. */
export function writeReport(format: ReportFormat, path: string, ending: Ending, places: Places): void {
  orSay(`the report "${path}"`, () => replaceReport(path, reportText(format, ending, places)));
}

function reportText(format: ReportFormat, ending: Ending, places: Places): string {
  switch (format) {
    case "sarif":
      return sarifReport(ending, readVersion(places));
    case "junit":
      return junitReport(ending);
    case "json":
      return jsonReport(ending);
    default:
      return assertNever(format);
  }
}

/** What a human was to answer, and nobody did. */
export function unanswered(ending: Ending): Ending {
  const findings = ending.findings.filter(({ answeredBy }) => answeredBy === "holdpoint");
  const denied = findings.reduce((sum, { count }) => sum + count, 0);
  return { ...ending, findings, denied, followers: 0, unlisted: 0 };
}

export function printSummary(ending: Ending): void {
  const isTerminal = process.stderr.isTTY === true;
  printRows(
    summaryRows(ending, {
      colour: isTerminal && !process.env["NO_COLOR"],
      columns: isTerminal ? Math.max(40, process.stderr.columns || 80) : Number.POSITIVE_INFINITY,
    }),
  );
}

export function printAnnotations(ending: Ending, willFail: boolean): void {
  printRows(annotationRows(ending, willFail));
}

/** Returns what was put there; `former` is what an earlier call did. */
export function writeJobSummary(file: string, ending: Ending, former: string): string {
  const text = jobSummary(ending);
  return text !== "" && orSay("the job summary", () => putJobSummary(file, text, former)) ? text : former;
}

function orSay(what: string, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    printRows([`holdpoint: ${what} could not be written: ${reason}`]);
    return false;
  }
}

function printRows(rows: readonly string[]): void {
  if (rows.length > 0) process.stderr.write(`${rows.join("\n")}\n`);
}
