import { styleText } from "node:util";
import { jsonText } from "../model/json-text.js";
import { tryAlerts } from "./doctor-alerts.js";
import { sessionChecks } from "./doctor-session.js";
import { type Check, type Status, systemChecks } from "./doctor-system.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

const signs: Readonly<Record<Status, string>> = { ok: "ok  ", note: "note", fail: "FAIL" };
const colours = { ok: "green", note: "yellow", fail: "red" } as const;

export interface DoctorOptions {
  readonly json: boolean;
  /** Only the alerts, each of them sent a test. */
  readonly alerts: boolean;
}

/** What works here, what does not, how to mend it. Status 1 when something that the guard stands on fails. */
export async function doctor(options: DoctorOptions, places: Places, terminal: Terminal): Promise<number> {
  const { json, alerts } = options;
  const checks: readonly Check[] = alerts
    ? await tryAlerts(places)
    : [...(await systemChecks(places)), ...(await sessionChecks(places))];
  if (json) terminal.print(jsonText(checks, 1));
  else for (const check of checks) for (const line of formatCheck(check, terminal)) terminal.print(line);
  return checks.some((check) => check.status === "fail") ? 1 : 0;
}

function formatCheck({ name, status, detail, remedy }: Check, terminal: Terminal): readonly string[] {
  const sign = terminal.colour
    ? styleText(colours[status], signs[status], { validateStream: false })
    : signs[status];
  return [`${sign}  ${name}: ${detail}`, ...(remedy === undefined ? [] : [`      ${remedy}`])];
}
