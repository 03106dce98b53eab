import type { CloudEffect, Effect, FileEffect } from "../../src/model/effect.js";
import { plainEffect } from "../../src/model/effect.js";
import type { Question, QuestionItem } from "../../src/model/question.js";
import type { Match, Severity } from "../../src/model/rule.js";

const volume: CloudEffect = {
  ...plainEffect("curl", "delete", "3d2c42fb-9d1e-4f5a-a111-0123456789ab"),
  resource: "cloud",
  provider: "railway",
  service: "volume",
  type: "volume",
  operation: "volumeDelete",
  recovery: "none",
  environment: "production",
  because: "the session was declared staging, this volume belongs to production",
  credentials: [{ name: "RAILWAY_TOKEN", from: "file:infra/domains/.env:3", fingerprint: "a81f3c" }],
  span: { start: 120, end: 175 },
};

/** The same with where its token was found: what no manifest names, in a file that has nothing to do with the work. */
export const stray: CloudEffect = {
  ...volume,
  bounds: "credential",
  boundsBecause:
    'holdpoint.yaml: RAILWAY_TOKEN was found in infra/domains/.env, which has nothing to do with "fix the login of staging"',
  credentials: [
    {
      name: "authorization",
      from: "env:TOKEN",
      fingerprint: "a81f3c",
      standing: "unrelated",
      places: [
        {
          file: "/proj/app/infra/domains/.env",
          line: 3,
          key: "RAILWAY_TOKEN",
          kind: "railway",
          modified: new Date(2026, 2, 3).getTime(),
          readAt: new Date(2026, 5, 15, 11, 58).getTime(),
        },
        {
          file: "/home/me/old/.env",
          line: 1,
          key: "RAILWAY_TOKEN",
          kind: "railway",
          modified: new Date(2024, 2, 3).getTime(),
        },
      ],
    },
  ],
};
export const lookedAt = new Date(2026, 5, 15, 12).getTime();
export const around = { workspace: "/proj/app", home: "/home/me" };

export function file(target: string, more: Partial<FileEffect> = {}): FileEffect {
  return {
    ...plainEffect("rm", "delete", target),
    resource: "file",
    place: "outside",
    recursive: false,
    aspect: "content",
    recovery: "none",
    because: "untracked since before the session",
    ...more,
  };
}

export function item(
  text: string,
  effects: readonly Effect[],
  severity: Severity,
  rule: string,
  because: string,
  instead?: string,
): QuestionItem {
  const matches = effects.map(
    (_, effect): Match => ({ rule, effect, verdict: "ask", severity, because, instead, locked: false }),
  );
  return {
    text,
    cwd: "/proj/app",
    judgement: {
      verdict: "ask",
      severity,
      calls: [],
      effects,
      matches,
      origins: { calls: [], effects: [] },
      errors: [],
      wantsStdin: false,
    },
    callers: 1,
  };
}

export function question(items: readonly QuestionItem[], more: Partial<Question> = {}): Question {
  return {
    id: "q1",
    session: "k3f9abc",
    label: "codex",
    items,
    refusedBefore: 0,
    typed: undefined,
    deadline: Date.now() + 60_000,
    ...more,
  };
}

const mutation = `curl -X POST https://backboard.railway.app/graphql/v2 -H "Authorization: Bearer 6f3a-not-a-real-one" -d '{"query":"mutation { volumeDelete(volumeId: \\"3d2c42fb-9d1e-4f5a-a111-0123456789ab\\") }"}'`;

export const questions = {
  incident: question(
    [
      item(
        mutation,
        [volume],
        "critical",
        "railway/volume-delete",
        "Railway keeps a volume's backups inside the volume; deleting it deletes them.",
        "Take a dump to another provider first, or delete it by hand in the dashboard.",
      ),
    ],
    { typed: "3d2c42fb-9d1e-4f5a-a111-0123456789ab", refusedBefore: 2 },
  ),
  stray: question(
    [
      item(
        mutation,
        [stray],
        "critical",
        "railway/volume-delete",
        "Railway keeps a volume's backups inside the volume; deleting it deletes them.",
      ),
    ],
    { around },
  ),
  folder: question([
    item(
      "rm -rf /srv/data",
      [
        file("/srv/data", {
          recursive: true,
          extent: { kind: "exact", count: 14, unit: "files" },
          because: "3 of them changed since their last commit",
          environment: "unknown",
        }),
      ],
      "high",
      "files/delete-lost",
      "What is deleted here lies outside the workspace and nothing holds a copy of it.",
      "Move it aside instead, to a name that says what it is.",
    ),
  ]),
  files: question([
    item(
      "cd /srv/data && rm -f a.log b.log c.log notes.txt",
      ["a.log", "b.log", "c.log", "notes.txt"].map((name) => file(`/srv/data/${name}`)),
      "high",
      "files/delete-lost",
      "What is deleted here lies outside the workspace and nothing holds a copy of it.",
    ),
    item(
      "psql -c 'DROP TABLE users'",
      [
        {
          ...plainEffect("psql", "delete", "users"),
          resource: "sql",
          engine: "postgresql",
          statement: "DROP TABLE",
          host: "db.example.com:5432",
          database: "prod",
          restricted: false,
          recovery: "none",
          environment: "production",
          extent: { kind: "all" },
        },
      ],
      "high",
      "sql/drop",
      "A dropped table is gone for everyone who uses the database.",
    ),
  ]),
  hostile: question(
    [
      item(
        `rm -rf '/srv/\u202egpj.exe\u001b[2J\u001b]0;x\u0007' \\\n  "/srv/日本語ファイル名が長い/Ａ"\u200b z\u0334\u0334\u0334\u0334\u0334\n${"x".repeat(3000)}\nrm -rf /srv/last`,
        [file("/srv/\u202egpj.exe\u001b[2J\n d deny  a allow\n 日本語", { because: "⟨U+0041⟩ \udcff" })],
        "medium",
        "files/delete-lost",
        "What is deleted here lies outside the workspace.",
      ),
    ],
    { label: "a\u0007b" },
  ),
} satisfies Record<string, Question>;
