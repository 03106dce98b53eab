import type { Effect } from "./effect.js";
import type { Judgement } from "./judgement.js";
import type { RecordBody } from "./record.js";

/**
 * What somebody is told of at once: `log`, the audit log was changed or cannot be written; `credential`, one was used outside
 * its purpose; `outside`, a destructive effect outside the scope; `denied`, a call that may not run. The gravest first.
 */
export const alertEvents = ["log", "credential", "outside", "denied"] as const;

/** One of these, as the config's `on` names them. */
export type AlertEvent = (typeof alertEvents)[number];

/** Where the user's config sends alerts. */
export type AlertSetting =
  | {
      readonly kind: "webhook";
      readonly url: string;
      /** Absolute; undefined: not signed. */
      readonly secretFile: string | undefined;
      readonly on: readonly AlertEvent[];
    }
  | { readonly kind: "command"; readonly command: readonly string[]; readonly on: readonly AlertEvent[] };

/** A judged call or line, and what was decided about it so far. */
export interface AlertCase {
  readonly judgement: Judgement;
  /** `ask`, `deny` or `observe`: the session's, or the caller's where that is stricter. */
  readonly mode: string;
  /** The text or argv, directory and agent, as its record has them. */
  readonly record: RecordBody;
  /** The session only observes, so that it runs. */
  readonly isObserved: boolean;
  readonly verdict: "allow" | "ask" | "deny";
  /** Why it is denied. */
  readonly reason?: string;
  /** The human's, where there was one. */
  readonly answer?: { readonly by: string; readonly how: string };
}

/** Tells the user's webhooks and programs. Never throws, never rejects. */
export interface AlertPort {
  /** Who was told, by name: when all were, or after a second; undefined when there is nothing to wait for. */
  tell(each: AlertCase): Promise<readonly string[]> | undefined;
  /** Of the log, which is not one case's: the same, while there is something to wait for. */
  readonly unsettled: Promise<unknown> | undefined;
}

/** Whether an effect is one to be told of, whatever becomes of its call. Asked of every call: it must cost nothing. */
export function isAlarming(effect: Effect): boolean {
  return effect.bounds === "credential" || (effect.bounds === "outside" && isDestructive(effect));
}

/** The gravest first. */
export function eventsOf({ judgement, verdict }: AlertCase): readonly AlertEvent[] {
  const { effects } = judgement;
  return alertEvents.filter((event) => {
    if (event === "credential") return effects.some((effect) => effect.bounds === "credential");
    if (event === "outside")
      return effects.some((effect) => effect.bounds === "outside" && isDestructive(effect));
    return event === "denied" && verdict === "deny";
  });
}

/** Nobody can tell what is sent, so that an unknown request counts as well. */
function isDestructive({ action, recovery }: Effect): boolean {
  if (recovery !== "none" && recovery !== "unknown") return false;
  return action === "delete" || action === "modify" || action === "grant" || action === "send";
}
