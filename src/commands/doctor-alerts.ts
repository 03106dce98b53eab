import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { alertBody } from "../alerts/body.js";
import type { Sent, Sink } from "../alerts/sink.js";
import { createRedactor } from "../audit/redact.js";
import { openSinks } from "./alert-sinks.js";
import type { Check } from "./doctor-system.js";
import { loadKnowledge } from "./knowledge.js";
import type { Places } from "./places.js";
import { alertWords } from "./session-alerts.js";
import { UsageError } from "./usage-error.js";

/** Which alerts the user's config sets. What is wrong with the config itself is another check's. */
export async function checkAlerts(places: Places): Promise<Check> {
  const sinks = await readSinks(places);
  if ("status" in sinks) return sinks;
  const list = sinks.map(({ name, on }) => `${name} (${on.join(", ")})`).join("; ");
  return sinks.length === 0
    ? { name: "alerts", status: "ok", detail: "none set" }
    : { name: "alerts", status: "ok", detail: list, remedy: "to try them: holdpoint doctor --alerts" };
}

/** Sends each of them a test, and says what became of it. */
export async function tryAlerts(places: Places): Promise<readonly Check[]> {
  const sinks = await readSinks(places);
  if ("status" in sinks) return [sinks];
  if (sinks.length === 0)
    return [
      {
        name: "alerts",
        status: "note",
        detail: "none set",
        remedy: `docs/alerts.md shows how; they are the key "alerts" of ${places.config}`,
      },
    ];
  return Promise.all(sinks.map(tryOne));
}

async function readSinks(places: Places): Promise<readonly Sink[] | Check> {
  try {
    const { alerts } = await loadKnowledge(places, undefined);
    return openSinks(alerts, places, process.env);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const remedy = cause instanceof UsageError ? "no session starts until then" : "see: holdpoint doctor";
    return { name: "alerts", status: "fail", detail, remedy };
  }
}

async function tryOne(sink: Sink): Promise<Check> {
  const id = `alert_${randomUUID()}`;
  const time = new Date().toISOString();
  const session = { session: "test", label: "holdpoint doctor", host: hostname(), log: "" };
  const telling = { id, matter: { kind: "test" }, time, count: 1, isAlike: true } as const;
  const body = alertBody(telling, session, alertWords(createRedactor()));
  const began = Date.now();
  const sent = await sink.send({ id, body }, new AbortController().signal);
  return checkOf(sink, sent, Date.now() - began);
}

function checkOf({ name }: Sink, sent: Sent, took: number): Check {
  if (!sent.ok)
    return {
      name,
      status: "fail",
      detail: `not delivered: ${sent.reason}`,
      remedy: "a session goes on without it, and its log says so",
    };
  const detail = `delivered in ${took} ms`;
  return took <= 1000
    ? { name, status: "ok", detail }
    : {
        name,
        status: "note",
        detail,
        remedy: "a call waits a second at most, and may run before it is delivered",
      };
}
