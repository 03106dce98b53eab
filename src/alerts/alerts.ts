import { randomUUID } from "node:crypto";
import { type AlertCase, type AlertEvent, type AlertPort, eventsOf } from "../model/alert.js";
import type { Clock } from "../model/clock.js";
import { type AlertMatter, type AlertSession, type AlertWords, alertBody, caseKey } from "./body.js";
import { Bursts, type Told } from "./bursts.js";
import { Outbox } from "./outbox.js";
import type { Sink } from "./sink.js";

export interface AlertsOptions {
  readonly sinks: readonly Sink[];
  readonly session: AlertSession;
  readonly words: AlertWords;
  readonly clock: Clock;
  /** Hears why an alert was not delivered; holds no secret. */
  readonly onLost: (reason: string) => void;
}

export interface Alerts extends AlertPort {
  /** Something is wrong with the audit log. */
  tellOfLog(reason: string): void;
  /**
   * Sends what is held back, tries all that waits for so many milliseconds, and gives up what is left then. How many were
   * lost in all.
   */
  close(milliseconds: number): Promise<number>;
}

/** One session's alerts: all that are told at once go to every sink side by side, and nobody waits longer than a second for them. */
export function openAlerts({ sinks, session, words, clock, onLost }: AlertsOptions): Alerts {
  let lost = 0;
  const boxes = sinks.map((sink) => {
    const onLostHere = (reason: string) => {
      lost += 1;
      onLost(reason);
    };
    return { on: new Set<string>(sink.on), box: new Outbox(sink, clock, onLostHere) };
  });
  let unsettled: Promise<unknown> | undefined;

  const send = ({ event, each, count, isAlike }: Told<Dated>): Promise<readonly string[]> | undefined => {
    const events: readonly AlertEvent[] = each.matter.kind === "case" ? eventsOf(each.matter.each) : [event];
    const meant = boxes.filter(({ on }) => events.some((one) => on.has(one)));
    if (meant.length === 0) return undefined;
    const id = `alert_${randomUUID()}`;
    const telling = { id, matter: each.matter, time: each.time, count, isAlike };
    const message = { id, body: alertBody(telling, session, words) };
    const waits = meant.map(({ box }) => ({ box, settled: box.put(message, event) }));
    return waitFor(waits, clock);
  };
  const bursts = new Bursts<Dated>(clock, (told) => void send(told));
  const admit = (
    event: AlertEvent,
    key: string,
    matter: AlertMatter,
  ): Promise<readonly string[]> | undefined => {
    const told = bursts.admit(event, key, { matter, time: new Date(clock.now()).toISOString() });
    return told === undefined ? undefined : send(told);
  };

  return {
    get unsettled() {
      return unsettled;
    },
    tell(each: AlertCase) {
      try {
        const [event] = eventsOf(each);
        const told = event === undefined ? undefined : admit(event, caseKey(each), { kind: "case", each });
        if (unsettled === undefined) return told;
        return Promise.all([told, unsettled]).then(([names = []]) => names);
      } catch (cause) {
        // Whoever is told or not: the verdict stands.
        lost += 1;
        onLost(`it could not be put into words: ${cause instanceof Error ? cause.message : String(cause)}`);
        return undefined;
      }
    },
    tellOfLog(reason) {
      const told = admit("log", `log ${reason}`, { kind: "log", reason });
      if (told === undefined) return;
      const wait = told.then(() => {
        if (unsettled === wait) unsettled = undefined;
      });
      unsettled = wait;
    },
    async close(milliseconds) {
      bursts.flush();
      await Promise.all(boxes.map(({ box }) => box.close(milliseconds)));
      return lost;
    },
  };
}

interface Dated {
  readonly matter: AlertMatter;
  readonly time: string;
}

interface Wait {
  readonly box: Outbox;
  readonly settled: Promise<boolean>;
}

/** Who got it in time, by name. Undefined where only such are meant that let the last wait pass in vain. */
function waitFor(all: readonly Wait[], clock: Clock): Promise<readonly string[]> | undefined {
  const waits = all.filter(({ box }) => !box.isLate);
  if (waits.length === 0) return undefined;
  const open = new Set(waits);
  const told: string[] = [];
  return new Promise((resolve) => {
    const stop = clock.after(patience, () => {
      for (const { box } of open) box.isLate = true;
      resolve(told);
    });
    for (const wait of waits)
      wait.settled.then((isDelivered) => {
        if (isDelivered) told.push(wait.box.sink.name);
        open.delete(wait);
        if (open.size > 0) return;
        stop();
        resolve(told);
      });
  });
}

const patience = 1000;
