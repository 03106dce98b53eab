import { type LogFile, listLogs, readLines } from "../audit/files.js";
import { type LooseRecord, parseRecord } from "../audit/loose-record.js";
import { verifyLog } from "../audit/verify.js";
import { escapeJson } from "../model/json-text.js";
import type { Around } from "../model/shown-path.js";
import { showUntrusted } from "../prompt/visible.js";
import { cutMiddle } from "../prompt/width.js";
import { findWorkspace } from "../world/workspace.js";
import type { Places } from "./places.js";
import { formatRecord, passesFilter, type RecordFilter } from "./record-line.js";
import type { Terminal } from "./terminal.js";

export interface LogOptions {
  readonly session: string | undefined;
  readonly follow: boolean;
  readonly json: boolean;
  readonly only: RecordFilter;
}

/** Prints a session's records: the newest session's unless one is named. */
export async function showLog(options: LogOptions, places: Places, terminal: Terminal): Promise<number> {
  const file = chooseLog(listLogs(places.logs), options.session);
  if (file === undefined) {
    terminal.error(
      options.session === undefined
        ? `no session has been logged yet in "${places.logs}"; start one with: holdpoint -- COMMAND`
        : `no log of a session "${options.session}" in "${places.logs}"; "holdpoint log --list" names them`,
    );
    return 1;
  }
  const stop = new AbortController();
  if (options.follow) terminal.onInterrupt(() => stop.abort());
  // What goes into a pipe or a file is for grep and the like: whole.
  const columns = terminal.isTerminal ? terminal.columns : Number.POSITIVE_INFINITY;
  const follow = options.follow ? stop.signal : undefined;
  await printRecords(file.path, { ...options, columns, follow, home: places.home }, terminal);
  return 0;
}

export interface PrintOptions {
  readonly json: boolean;
  readonly only: RecordFilter;
  readonly columns: number;
  readonly follow: AbortSignal | undefined;
  readonly home: string;
}

/** The records of one log, as written or for people. */
export async function printRecords(path: string, options: PrintOptions, terminal: Terminal): Promise<void> {
  const { json, only, columns, follow, home } = options;
  let around: Around | undefined;
  for await (const line of readLines(path, follow)) {
    const record = parseRecord(line);
    around ??= record === undefined ? undefined : aroundStart(record, home);
    if (record !== undefined && !passesFilter(record, only)) continue;
    if (json) terminal.print(escapeJson(line));
    else if (record === undefined) terminal.print(cutMiddle(showUntrusted(line), columns));
    else terminal.print(formatRecord(record, terminal.colour, columns, around));
    await terminal.drained();
  }
}

/** Where the session worked, by its first record. */
function aroundStart({ event, cwd }: LooseRecord, home: string): Around | undefined {
  if (event !== "session.start" || typeof cwd !== "string") return undefined;
  return { workspace: findWorkspace(cwd, home), home };
}

export function listSessions(places: Places, terminal: Terminal): number {
  for (const file of listLogs(places.logs))
    terminal.print(`${file.session}  ${new Date(file.modified).toISOString()}  ${file.path}`);
  return 0;
}

/** Checks the chain of the named logs, or of all. */
export async function verifyLogs(
  files: readonly string[],
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const paths = files.length > 0 ? files : listLogs(places.logs).map((file) => file.path);
  if (paths.length === 0) terminal.error(`no logs in "${places.logs}"`);
  let status = 0;
  for (const path of paths) {
    const problem = await verifyOne(path, terminal);
    if (problem !== undefined) {
      terminal.error(problem);
      status = 1;
    }
  }
  return status;
}

async function verifyOne(path: string, terminal: Terminal): Promise<string | undefined> {
  try {
    const result = await verifyLog(path);
    if (result.ok) {
      const end = result.ended ? "" : " (session running, or ended without its last record)";
      const told =
        result.changes === 0 ? "" : `; ${result.changes} of them tell that somebody else changed it`;
      terminal.print(`${path}: whole, ${result.records} records${end}${told}`);
      return undefined;
    }
    const place = result.line > 0 ? `${path}:${result.line}: record` : `${path}:`;
    return `${place} ${result.reason}; ${result.whole} records before that are whole`;
  } catch (error) {
    return `${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

function chooseLog(files: readonly LogFile[], session: string | undefined): LogFile | undefined {
  return session === undefined ? files.at(-1) : files.findLast((file) => file.session === session);
}
