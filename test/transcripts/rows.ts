import { existsSync } from "node:fs";
import { type Client, knownClients, programsIn, writeClients } from "../net/clients.js";
import { inSession } from "../net/drive.js";
import { openInternet } from "../net/internet.js";
import { makePlace, type Place } from "../scripts/session.js";

/** `held`: denied on record, and nothing of it reached the service. `failed`: nothing reached it, and not for being denied. */
type Outcome = "held" | "passed" | "failed" | "not here";

/** What came of one client's try to delete a volume at a stand-in for the service. */
export interface Row extends Client {
  readonly outcome: Outcome;
  /** The client's own last word, or why it is not here. */
  readonly detail: string;
}

export interface Transcript {
  /** Of the session: `--net`. */
  readonly flags: readonly string[];
  /** How a client is started; as it stands where nothing is said. */
  readonly start?: (command: readonly string[]) => readonly string[];
}

/** Each client that is here, in a session of its own, so that what reached the service is known to be its. */
export async function takeTranscript({
  flags,
  start = (command) => command,
}: Transcript): Promise<readonly Row[]> {
  const packages = process.env["TRANSCRIPT_CLIENTS"];
  const internet = await openInternet();
  const place = await makePlace();
  const rows: Row[] = [];
  try {
    writeClients(place.workspace, packages);
    for (const client of knownClients(packages === undefined ? {} : programsIn(packages))) {
      const [program = ""] = client.command;
      if (program.startsWith("/") ? !existsSync(program) : !program.startsWith("./")) {
        rows.push({ ...client, outcome: "not here", detail: "" });
        continue;
      }
      const [reached, denied] = [internet.reached.length, countDenied(place)];
      const [[, said] = [0, ""]] = await inSession(place, internet, flags, [start(client.command)]);
      const isMissing = /ModuleNotFoundError|ERR_MODULE_NOT_FOUND|Cannot find package/.test(said);
      const isHeld = countDenied(place) > denied;
      const rest: Outcome = isMissing ? "not here" : isHeld ? "held" : "failed";
      rows.push({
        ...client,
        outcome: internet.reached.length > reached ? "passed" : rest,
        detail: lastWord(said),
      });
    }
    return rows;
  } finally {
    await internet.close();
    place.remove();
  }
}

function countDenied(place: Place): number {
  return place.records().filter(({ verdict }) => verdict === "deny").length;
}

export function showRows(rows: readonly Row[]): string {
  return table([
    ["client", "form", "outcome", "what it said"],
    ...rows.map((row) => [row.client, row.form, row.outcome, row.outcome === "not here" ? "" : row.detail]),
  ]);
}

/** One line a row, in columns. */
export function table(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const last = widths.length - 1;
  return cells
    .map((row) =>
      row
        .map((cell, at) => (at === last ? cell : cell.padEnd(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function lastWord(said: string): string {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => line.includes("holdpoint:")) ?? lines.at(-1) ?? "").trim().slice(0, 100);
}
