import { openLog, type SyncedLog } from "../audit/log.js";
import { makeFolder } from "../launcher/folder.js";
import type { AlertSetting } from "../model/alert.js";
import type { AuditLog, AuditRecord, RecordBody } from "../model/record.js";
import type { Around } from "../model/shown-path.js";
import type { Places } from "./places.js";
import type { SessionAlerts } from "./session-alerts.js";

export interface SessionLogOptions {
  readonly path: string;
  readonly session: string;
  readonly label: string;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly alerts: readonly AlertSetting[];
  readonly around: Around;
  readonly redact: (text: string) => string;
  /** Hears of each record, once it is written. */
  readonly onRecord: ((record: AuditRecord) => void) | undefined;
}

export interface SessionLog {
  readonly log: SyncedLog;
  /** Undefined where nobody is told of anything. */
  readonly alerts: SessionAlerts | undefined;
  /** What is no call's, for whoever reads the log later. */
  readonly note: (reason: string) => void;
}

/** The session's log, and those who are told at once of what stands in it. Rejects when either cannot be used. */
export async function openSessionLog(options: SessionLogOptions): Promise<SessionLog> {
  const { path, session, label, places, env, around, redact, onRecord } = options;
  const note = (reason: string) => writeOrLeave(log, { event: "alert", reason });
  const alerts =
    options.alerts.length === 0
      ? undefined
      : (await import("./session-alerts.js")).openSessionAlerts({
          ...{ alerts: options.alerts, places, env, session, label, log: path, redact, around },
          onLost: note,
        });
  makeLogFolder(places.logs);
  const log = openLog({
    ...{ path, session, redact },
    now: () => new Date(),
    ...(onRecord === undefined ? {} : { onRecord }),
    isWatched: options.alerts.some(({ on }) => on.includes("log")),
    onTrouble: ({ kind, reason }) => {
      alerts?.tellOfLog(reason);
      // After the record that is being written.
      if (kind !== "failed") queueMicrotask(() => note(reason));
    },
  });
  return { log, alerts, note };
}

/** For what gates nothing: a log that cannot be written denies every call by itself. */
export function writeOrLeave(log: AuditLog, body: RecordBody): void {
  try {
    log.write(body, true);
  } catch {
    process.stderr.write(`holdpoint: the record of "${body.event}" could not be written\n`);
  }
}

function makeLogFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    const remedy = "set XDG_STATE_HOME to one that can be written to";
    throw new Error(
      `cannot make the folder "${path}" for the audit log, without which nothing is run (${remedy})`,
      { cause },
    );
  }
}
