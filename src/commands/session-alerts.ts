import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Alerts, openAlerts } from "../alerts/alerts.js";
import type { AlertWords } from "../alerts/body.js";
import { redactDeep } from "../audit/redact.js";
import { verifyLog } from "../audit/verify.js";
import type { AlertSetting } from "../model/alert.js";
import { realClock } from "../model/clock.js";
import { environmentName } from "../model/effect.js";
import { quoteWords } from "../model/quoted.js";
import type { Around } from "../model/shown-path.js";
import { credentialText } from "../prompt/credential-words.js";
import { showUntrusted } from "../prompt/visible.js";
import { effectWords } from "../prompt/words.js";
import { openSinks } from "./alert-sinks.js";
import type { Places } from "./places.js";

export interface SessionAlertsOptions {
  readonly alerts: readonly AlertSetting[];
  readonly places: Places;
  /** The user's own environment: no shims. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly session: string;
  readonly label: string;
  readonly log: string;
  readonly redact: (text: string) => string;
  /** Where the session works. */
  readonly around?: Around;
  /** Hears why an alert was not delivered. */
  readonly onLost: (reason: string) => void;
}

export interface SessionAlerts extends Alerts {
  /**
   * Before the log's last record, so that whatever is to be said stands in it: whether the log still is what was written;
   * then the end of all alerts.
   */
  end(): Promise<void>;
}

/** Throws UsageError when a secret cannot be used. */
export function openSessionAlerts(options: SessionAlertsOptions): SessionAlerts {
  const { alerts, places, env, session, label, log, redact, around, onLost } = options;
  const opened = openAlerts({
    sinks: openSinks(alerts, places, env),
    session: { session, label, host: hostname(), log },
    words: alertWords(redact, around),
    clock: realClock,
    onLost: (reason) => onLost(`alert not delivered: ${reason}`),
  });
  // By hand: of a spread, `unsettled` would be what it was now.
  return Object.assign(opened, {
    async end() {
      const problem = await Promise.race([problemOf(log), sleep(verifyTime, undefined)]);
      if (problem !== undefined)
        opened.tellOfLog(`the audit log "${log}" is not whole at the session's end: ${problem}`);
      const lost = await opened.close(closingTime);
      if (lost === 0) return;
      const what = lost === 1 ? "an alert was" : `${lost} alerts were`;
      process.stderr.write(`holdpoint: ${what} not delivered; the log says why: ${log}\n`);
    },
  });
}

async function problemOf(log: string): Promise<string | undefined> {
  try {
    const verified = await verifyLog(log);
    return verified.ok ? undefined : verified.reason;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Milliseconds; of a log too long for that, `log verify` tells. */
const verifyTime = 3000;
const closingTime = 2000;

export function alertWords(redact: (text: string) => string, around?: Around): AlertWords {
  return {
    redact: (value) => redactDeep(value, redact),
    effect: effectWords,
    credential: (credential, effect) =>
      credentialText(credential, { around, now: Date.now(), environment: environmentName(effect) }),
    quote: quoteWords,
    show: showUntrusted,
  };
}
