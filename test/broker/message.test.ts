import { expect, test } from "vitest";
import { formatDenial, formatQuestion } from "../../src/broker/message.js";
import { type Effect, plainEffect } from "../../src/model/effect.js";
import { fileDelete, judged } from "./fakes.js";

// What would happen is said in the card's words: the agent, and whoever is asked by its program, read what a person reads.

const nginx = {
  ...plainEffect("systemctl", "modify", "nginx"),
  resource: "process",
  operation: "stop",
  because: "stops a service",
} as const;
const users = {
  ...plainEffect("psql", "delete", "users"),
  resource: "sql",
  engine: "postgresql",
  statement: "DELETE",
  host: "db",
  database: "prod",
  restricted: false,
  because: "no WHERE",
} as const;

test.each<readonly [effect: Effect, would: string]>([
  [nginx, "This would run systemctl stop nginx (stops a service)."],
  [users, "This would DELETE users (every row) in prod on db, postgresql (no WHERE)."],
  [fileDelete("/keep/a"), "This would delete /keep/a (untracked)."],
  [
    fileDelete("/keep", { recursive: true, extent: { kind: "exact", count: 14, unit: "files" } }),
    "This would delete 14 files below /keep (untracked).",
  ],
  [
    fileDelete(`/keep/${"a".repeat(300)}`),
    `This would delete /keep/${"a".repeat(107)} … ${"a".repeat(60)} (untracked).`,
  ],
])("%#", (effect, would) => {
  const judgement = judged("deny", [effect]);
  const denial = formatDenial({ judgement, cause: "nobody answered", reason: undefined }, (text) => text);
  expect(denial.replaceAll("\n", " ")).toContain(would);
  expect(formatQuestion(judgement, (text) => text)).toContain(would);
});
