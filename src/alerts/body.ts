import { type AlertCase, eventsOf, isAlarming } from "../model/alert.js";
import { type Credential, type Effect, effectKey } from "../model/effect.js";

/** Whose alerts they are: a part of each. */
export interface AlertSession {
  readonly session: string;
  readonly label: string;
  readonly host: string;
  /** Path of the log that has the records. */
  readonly log: string;
}

/** How things are put, as elsewhere on cards and in the log. */
export interface AlertWords {
  /** Any value without its secrets, as the log has it. */
  redact<T>(value: T): T;
  /** `delete volume 3d2c42fb at Railway`. */
  effect(effect: Effect): string;
  /*`RAILWAY_TOKEN from infra/domains/.env:3, last changed in March`, of what is used on `effect`. */
  credential(credential: Credential, effect: Effect): string;
  /** Words as one line, quoted. */
  quote(words: readonly string[]): string;
  /** Visible, whatever an agent put into it. */
  show(text: string): string;
}

/** What is told: a case, or what happened to the log. */
export type AlertMatter =
  | { readonly kind: "case"; readonly each: AlertCase }
  | { readonly kind: "log"; readonly reason: string }
  | { readonly kind: "test" };

export interface AlertTelling {
  readonly id: string;
  readonly matter: AlertMatter;
  /** RFC 3339, of the latest. */
  readonly time: string;
  readonly count: number;
  readonly isAlike: boolean;
}

/** The JSON document of one alert, at most 64 KiB: docs/contract.md says what each key holds. */
export function alertBody(telling: AlertTelling, session: AlertSession, words: AlertWords): string {
  const { id, matter, time, count, isAlike } = telling;
  const head = (events: readonly string[], summary: string) => ({
    version: 1,
    id,
    event: events[0],
    events,
    time,
    ...cut(words.redact({ session: session.session, label: session.label }), short),
    host: session.host,
    log: session.log,
    count,
    alike: isAlike,
    summary: words.show(cutText(words.redact(summary), 500)),
  });
  if (matter.kind === "test")
    return JSON.stringify(head(["test"], `holdpoint on ${session.host}: a test; nothing happened`));
  if (matter.kind === "log") {
    const reason = cutText(words.redact(matter.reason), whole.text);
    return JSON.stringify({ ...head(["log"], `${session.label}: the audit log: ${reason}`), reason });
  }
  const { each } = matter;
  try {
    const summary = summarize(telling, each, session, words);
    const told = words.redact(tellable(each, words));
    for (const sizes of [whole, short]) {
      const body = JSON.stringify({ ...head(eventsOf(each), summary), ...details(each, told, sizes, words) });
      if (Buffer.byteLength(body) <= mostBytes) return body;
    }
  } catch {
    // Longer than a string may be, and the like: that something happened is told all the same.
  }
  return JSON.stringify(head(eventsOf(each), `${session.label}: what was called cannot be told`));
}

/** What makes two cases the same for whoever is told of them. */
export function caseKey(each: AlertCase): string {
  const keys = [...new Set(worst(each).map(effectKey))].sort();
  return [...eventsOf(each), each.verdict, each.isObserved, ...keys].join("\n");
}

/** The effects that the alert is about: what the manifests or the rules mind; all where they name none. */
function worst({ judgement }: Pick<AlertCase, "judgement">): readonly Effect[] {
  const { effects, matches } = judgement;
  const minded = new Set(matches.filter(({ verdict }) => verdict !== "allow").map(({ effect }) => effect));
  const alarming = effects.filter(isAlarming);
  const others = effects.filter((effect, at) => minded.has(at) && !isAlarming(effect));
  const found = [...alarming, ...others];
  return found.length > 0 ? found : effects;
}

function summarize(
  { count, isAlike }: AlertTelling,
  each: AlertCase,
  { label, host }: AlertSession,
  words: AlertWords,
): string {
  const [first] = worst(each);
  const what = first === undefined ? "" : `: ${words.effect(first)}`;
  const why = first?.boundsBecause ?? each.judgement.matches[0]?.because ?? each.reason;
  const times = count === 1 ? "" : isAlike ? ` (${count} times)` : ` (the last of ${count})`;
  return `${label} on ${host} ${standing(each)}${what}${times}${why === undefined ? "" : `. ${why}`}`;
}

function standing({ verdict, isObserved }: AlertCase): string {
  if (isObserved) return "was only observed";
  return verdict === "deny" ? "was denied" : verdict === "ask" ? "wants to, and asks" : "was let through";
}

/** What may hold a secret. */
function tellable({ judgement, record, reason, answer }: AlertCase, words: AlertWords) {
  const { line, argv, cwd, agent } = record;
  const effects = worst({ judgement });
  const rules = new Map(judgement.matches.map((match) => [match.rule, match]));
  return {
    ...{ line, argv, cwd, agent, reason, answer },
    effects: effects.slice(0, whole.effects),
    would: effects.slice(0, whole.effects).map((effect) => words.effect(effect)),
    using: [
      ...new Set(
        effects.flatMap((effect) => effect.credentials.map((each) => words.credential(each, effect))),
      ),
    ],
    matches: [...rules.values()].map(({ rule, verdict, severity, because }) => ({
      ...{ rule, verdict, severity, because },
    })),
    manifest: [...new Set(effects.flatMap(({ boundsBecause }) => boundsBecause ?? []))],
  };
}

function details(
  each: AlertCase,
  told: ReturnType<typeof tellable>,
  sizes: Sizes,
  words: AlertWords,
): object {
  const { judgement, mode, isObserved, verdict } = each;
  const effects = told.effects.slice(0, sizes.effects);
  return {
    ...cut({ text: told.line ?? words.quote(told.argv ?? []), ...told, effects }, sizes),
    ...{ mode, verdict, observed: isObserved, severity: judgement.severity },
    unlisted: worst(each).length - effects.length,
  };
}

interface Sizes {
  readonly effects: number;
  /** Of a list. */
  readonly items: number;
  /** Characters of a text. */
  readonly text: number;
}

const whole: Sizes = { effects: 10, items: 50, text: 2000 };
const short: Sizes = { effects: 0, items: 10, text: 200 };
const mostBytes = 64 * 1024;

/** After the secrets are out: half a secret looks like none. */
function cut<T>(value: T, sizes: Sizes): T;
function cut(value: unknown, sizes: Sizes): unknown {
  if (typeof value === "string") return cutText(value, sizes.text);
  if (Array.isArray(value)) return value.slice(0, sizes.items).map((item: unknown) => cut(item, sizes));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, cut(item, sizes)]),
  );
}

function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more)`;
}
