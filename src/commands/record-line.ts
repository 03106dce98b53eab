import { basename } from "node:path";
import { styleText } from "node:util";
import type { LooseRecord } from "../audit/loose-record.js";
import { isShell, readShellWork } from "../broker/shell-call.js";
import { quoteWords } from "../model/quoted.js";
import type { Around } from "../model/shown-path.js";
import { cutMiddle, textWidth } from "../prompt/width.js";
import { showLine } from "../report/shown.js";
import { heldCredentials } from "./record-credentials.js";

/** `asked`, `denied`, `allowed`, or nothing: every record. */
export type RecordFilter = readonly string[];

export function passesFilter(record: LooseRecord, only: RecordFilter): boolean {
  if (only.length === 0) return true;
  const event = record["event"];
  const outcome = outcomeOf(record);
  return only.some(
    (wanted) => wanted === outcome || (wanted === "asked" && (event === "ask" || event === "answer")),
  );
}

/**
 * For people: time, what happened, to what. One line, where it fits into `columns`; else what is too long is cut in the
 * middle, and where credentials came from and the reason stand on lines of their own. `around`: where its session worked.
 */
export function formatRecord(
  record: LooseRecord,
  colour: boolean,
  columns: number,
  around: Around | undefined = undefined,
): string {
  const time = showLine(String(record["time"] ?? "").slice(11, 23));
  const outcome = outcomeOf(record);
  const event = showLine(String(record["event"] ?? "?")).replace(/^session\./, "");
  const word = `${event.padEnd(6)} ${outcome.padEnd(7)}`;
  const what = describe(record);
  const why = explain(record);
  const origins = heldCredentials(record, around).map((words) => showLine(`with ${words}`));
  const head = `${time}  ${colour ? paint(outcome, word) : word} `;
  const all = joinParts([what, ...origins, why]);
  const room = Math.max(20, columns - textWidth(`${time}  ${word} `));
  if (columns === Number.POSITIVE_INFINITY || textWidth(all) <= room) return `${head}${all}`.trimEnd();
  const below = [...origins, why].filter((part) => part !== "");
  const rows = below.map((part) => `${indent}${cutMiddle(part, Math.max(20, columns - indent.length))}`);
  return [`${head}${cutMiddle(what, room)}`, ...rows].join("\n");
}

const indent = " ".repeat(14);

function outcomeOf(record: LooseRecord): string {
  const verdict = record["verdict"];
  return verdict === "deny" ? "denied" : verdict === "ask" ? "asked" : verdict === "allow" ? "allowed" : "";
}

function paint(outcome: string, word: string): string {
  if (outcome === "denied") return styleText("red", word, { validateStream: false });
  return outcome === "asked" ? styleText("yellow", word, { validateStream: false }) : word;
}

function describe(record: LooseRecord): string {
  const { line, argv, status, question } = record;
  return joinParts([
    typeof question === "string" ? `question ${showLine(question)}` : "",
    typeof line === "string" ? showLine(line) : Array.isArray(argv) ? showWords(argv.map(String)) : "",
    describeAnswer(record["answer"]),
    typeof status === "number" ? `status ${status}` : "",
  ]);
}

/** A shell's text reads best as the line it is. */
function showWords(argv: readonly string[]): string {
  const [program = "", ...rest] = argv;
  const work = isShell(basename(program)) ? readShellWork(basename(program), argv) : undefined;
  if (work?.kind !== "text") return showLine(quoteWords(argv));
  const at = rest.indexOf(work.text);
  const before = quoteWords([program, ...rest.slice(0, at)]);
  const parts =
    at + 1 < rest.length ? [before, work.text, quoteWords(rest.slice(at + 1))] : [before, work.text];
  return parts.map(showLine).join(" │ ");
}

function describeAnswer(answer: unknown): string {
  if (typeof answer !== "object" || answer === null) return "";
  const { by, how, grant } = { by: "", how: "", grant: "", ...answer };
  const granted = grant === "none" || grant === "" ? "" : ` (${grant})`;
  return showLine(`by ${by}${granted}: ${how}`);
}

function explain(record: LooseRecord): string {
  const { reason } = record;
  const rules = ruleNames(record);
  return joinParts([
    typeof reason === "string" ? showLine(reason) : "",
    rules.length === 0 ? "" : showLine(`[${rules.join(", ")}]`),
  ]);
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("  ");
}

function ruleNames(record: LooseRecord): readonly string[] {
  const matches = record["matches"];
  if (!Array.isArray(matches)) return [];
  return [
    ...new Set(
      matches.map((match: unknown) =>
        typeof match === "object" && match !== null && "rule" in match ? String(match.rule) : "?",
      ),
    ),
  ];
}
