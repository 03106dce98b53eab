import type { AlertCase, AlertSetting } from "../model/alert.js";
import type { Places } from "./places.js";
import { openSessionAlerts } from "./session-alerts.js";

/** Alerts of a process that lives for one question: whatever is not delivered within a second is lost. */
export interface HookAlerts {
  tellOfLog(reason: string): void;
  /** Resolves with why any alert was not delivered, each for the log. */
  tell(each: AlertCase): Promise<readonly string[]>;
}

export function openHookAlerts(
  alerts: readonly AlertSetting[],
  places: Places,
  session: string,
  redact: (text: string) => string,
): HookAlerts {
  const lost: string[] = [];
  const onLost = (reason: string) => void lost.push(reason);
  const opened = openSessionAlerts({
    ...{ alerts, places, env: process.env, session, label: session, log: places.logs, redact, onLost },
  });
  return {
    tellOfLog: opened.tellOfLog,
    async tell(each) {
      await opened.tell(each);
      await opened.close(0);
      return lost;
    },
  };
}
