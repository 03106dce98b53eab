import { type Effect, plainEffect } from "../../src/model/effect.js";
import type { AuditRecord, RecordBody } from "../../src/model/record.js";
import type { Match } from "../../src/model/rule.js";
import { Denials } from "../../src/report/denials.js";
import { type Ending, toFindings } from "../../src/report/findings.js";

export function deletion(target: string): Effect {
  return {
    ...plainEffect("rm", "delete", target),
    ...{ resource: "file", place: "workspace", recursive: false, aspect: "content", recovery: "none" },
    because: "untracked",
  };
}

export const lost: Match = {
  rule: "files/lose-work",
  effect: 0,
  verdict: "ask",
  severity: "high",
  because: "It is gone.",
  instead: "Commit it first.",
  locked: false,
};

/** A record of a denied `rm`. */
export function removal(target: string, more: Partial<RecordBody> = {}): RecordBody {
  return {
    ...{ event: "exec", verdict: "deny", argv: ["rm", target], cwd: "/work", reason: "nobody is asked" },
    ...{ effects: [deletion(target)], matches: [lost] },
    ...more,
  };
}

export function gather(bodies: readonly RecordBody[]): Denials {
  const denials = new Denials((argv) => argv.join(" "));
  for (const [seq, body] of bodies.entries()) {
    const record: AuditRecord = {
      ...{ seq, time: `2026-01-31T09:30:00.${String(seq).padStart(3, "0")}Z`, session: "abc1234", prev: "" },
      ...body,
    };
    denials.note(record);
  }
  return denials;
}

export function endingOf(bodies: readonly RecordBody[], more: Partial<Ending> = {}): Ending {
  const denials = gather(bodies);
  const { denied, observed, followers, unlisted } = denials;
  return {
    ...{ session: "abc1234", mode: "deny", log: "/state/log.jsonl", config: "/config.yaml", status: 0 },
    ...{ command: ["./job.sh"], source: "job.sh", denied, observed, followers, unlisted },
    started: new Date("2026-01-31T09:30:00Z"),
    ended: new Date("2026-01-31T09:30:02.5Z"),
    findings: toFindings(denials.list()),
    ...more,
  };
}
