import { readLines } from "../audit/files.js";
import { type LooseRecord, parseRecord } from "../audit/loose-record.js";
import { jsonText } from "../model/json-text.js";
import type { Places } from "./places.js";
import { formatRecord } from "./record-line.js";
import type { SessionLink } from "./session-link.js";
import { findSessions } from "./sessions.js";
import type { Terminal } from "./terminal.js";
import { clock, visible, waitingJson, waitingLines } from "./waiting-list.js";

/** The running sessions: what waits in them, and what was refused. */
export async function showStatus(isJson: boolean, places: Places, terminal: Terminal): Promise<number> {
  const sessions = await findSessions(places);
  try {
    const all = await Promise.all(
      sessions.all.map(async (link) => ({ link, refused: await refusals(link.session.log) })),
    );
    if (isJson) terminal.print(jsonText({ sessions: all.map(toJson) }, 2));
    else if (all.length === 0) terminal.print("no session is running; to start one: holdpoint -- COMMAND");
    else for (const each of all) printOne(each, terminal);
    return 0;
  } finally {
    sessions.close();
  }
}

interface Seen {
  readonly link: SessionLink;
  /** Records of the log, oldest first. */
  readonly refused: readonly LooseRecord[];
}

function printOne({ link, refused }: Seen, terminal: Terminal): void {
  const { id, label, mode, cwd, pid, started } = link.session;
  const age = clock(Date.now() - Date.parse(started));
  terminal.print(
    `${id}  ${visible(label)}  mode ${visible(mode)}, for ${age}, process ${pid}, in ${visible(cwd)}`,
  );
  // What goes into a pipe or a file is for grep and the like: whole.
  const columns = terminal.isTerminal ? terminal.columns - 4 : Number.POSITIVE_INFINITY;
  const asked = link.waiting.map((question) => ({ link, question }));
  terminal.print(
    `  ${asked.length === 0 ? "nothing waits" : `waiting: ${asked.length} (to answer: holdpoint approve)`}`,
  );
  for (const line of waitingLines(asked, columns)) terminal.print(`    ${line}`);
  if (refused.length === 0) return;
  terminal.print(
    `  refused: ${refused.length}${refused.length > shownMost ? `, the last ${shownMost}` : ""}`,
  );
  for (const record of refused.slice(-shownMost))
    for (const line of formatRecord(record, terminal.colour, columns).split("\n"))
      terminal.print(`    ${line}`);
}

const shownMost = 5;

function toJson({ link, refused }: Seen): object {
  const waiting = link.waiting.map((question) => waitingJson({ link, question }));
  return { ...link.session, waiting, refused: refused.map(refusalJson) };
}

function refusalJson(record: LooseRecord): object {
  const { time, line, argv, cwd, reason, question } = record;
  const matches = Array.isArray(record["matches"]) ? record["matches"] : [];
  const rules = matches.flatMap((match: unknown) =>
    typeof match === "object" && match !== null && "rule" in match ? [String(match.rule)] : [],
  );
  return { time, line, argv, cwd, question, reason, rules: [...new Set(rules)] };
}

/** Each refused call or line once: at once, or by the answer to its question. */
async function refusals(log: string): Promise<readonly LooseRecord[]> {
  const asked = new Map<unknown, LooseRecord>();
  const refused: LooseRecord[] = [];
  try {
    for await (const text of readLines(log, undefined)) {
      const record = parseRecord(text);
      if (record === undefined) continue;
      const { event, verdict, question, time, reason } = record;
      const isCall = event === "line" || event === "exec";
      if (isCall && verdict === "ask") asked.set(question, record);
      else if (isCall && verdict === "deny") refused.push(record);
      else if (event === "answer" && verdict === "deny")
        refused.push({ ...asked.get(question), time, verdict, question, reason });
    }
  } catch {
    // A log that is gone or not ours to read: what waits is seen all the same.
  }
  return refused;
}
