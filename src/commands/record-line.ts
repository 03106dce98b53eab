import { styleText } from "node:util";
import { quoteWords } from "../broker/words.js";

/** A record as read back: any shape, since older and newer versions write the same files. */
export type LooseRecord = Readonly<Record<string, unknown>>;

/** `asked`, `denied`, `allowed`, or nothing: every record. */
export type RecordFilter = readonly string[];

export function parseRecord(line: string): LooseRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

export function passesFilter(record: LooseRecord, only: RecordFilter): boolean {
  if (only.length === 0) return true;
  const event = record["event"];
  const outcome = outcomeOf(record);
  return only.some(
    (wanted) => wanted === outcome || (wanted === "asked" && (event === "ask" || event === "answer")),
  );
}

/** One line for people: time, what happened, to what. */
export function formatRecord(record: LooseRecord, colour: boolean): string {
  const time = String(record["time"] ?? "").slice(11, 23);
  const outcome = outcomeOf(record);
  const word = `${String(record["event"] ?? "?").padEnd(13)} ${outcome.padEnd(8)}`;
  const what = describe(record);
  const rules = ruleNames(record);
  return `${time}  ${colour ? paint(outcome, word) : word} ${what}${rules.length > 0 ? `  [${rules.join(", ")}]` : ""}`;
}

function outcomeOf(record: LooseRecord): string {
  const verdict = record["verdict"];
  return verdict === "deny" ? "denied" : verdict === "ask" ? "asked" : verdict === "allow" ? "allowed" : "";
}

function paint(outcome: string, word: string): string {
  if (outcome === "denied") return styleText("red", word, { validateStream: false });
  return outcome === "asked" ? styleText("yellow", word, { validateStream: false }) : word;
}

function describe(record: LooseRecord): string {
  const line = record["line"];
  const argv = record["argv"];
  const answer = record["answer"];
  const parts = [
    typeof line === "string" ? line : Array.isArray(argv) ? quoteWords(argv.map(String)) : "",
    typeof record["status"] === "number" ? `status ${record["status"]}` : "",
    typeof answer === "object" && answer !== null ? `answer ${JSON.stringify(answer)}` : "",
    typeof record["reason"] === "string" ? record["reason"] : "",
  ];
  // A record may hold what an agent wrote: no control character of it reaches the reader's terminal.
  return parts
    .filter((part) => part !== "")
    .join("  ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (c) =>
      JSON.stringify(c).slice(1, -1),
    );
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
