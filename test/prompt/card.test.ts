import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/audit/redact.js";
import { parseReply } from "../../src/broker/control-reply.js";
import { plainEffect } from "../../src/model/effect.js";
import { emptyEnv } from "../../src/model/env.js";
import type { JudgedCall, Judgement } from "../../src/model/judgement.js";
import type { Previews } from "../../src/model/preview.js";
import { composeCard, renderCard } from "../../src/prompt/card.js";
import { redactQuestion } from "../../src/prompt/redacted.js";
import { textWidth } from "../../src/prompt/width.js";
import { file, item, lookedAt, question, questions } from "./sample-questions.js";

const view = {
  columns: 80,
  rows: 24,
  colour: false,
  full: false,
  challenge: undefined,
  remainingMs: 272_000,
  redact: (text: string) => text.replace(/Bearer [^"]+/, "Bearer ‹redacted›"),
};
const state = { offset: 0, entry: undefined, notice: undefined };

it("the incident, on 80 by 24", () => {
  expect(renderCard(questions.incident, view)).toEqual([
    " CRITICAL  holdpoint: a command waits for you                    denied in 4:32 ",
    "─".repeat(80),
    " Would delete volume 3d2c42fb-9d1e-4f5a-a111-0123456789ab at Railway",
    "   in production · no way back · the session was declared staging, this volume ",
    "   belongs to production",
    "",
    " why     Railway keeps a volume's backups inside the volume; deleting it ",
    "         deletes them. [railway/volume-delete]",
    " using   RAILWAY_TOKEN from infra/domains/.env:3, fingerprint a81f3c",
    " before  refused 2 times in this session",
    " instead Take a dump to another provider first, or delete it by hand in the ",
    "         dashboard.",
    "",
    " command │ curl -X POST https://backboard.railway.app/graphql/v2 -H ",
    `         ┆ "Authorization: Bearer ‹redacted›" -d '{"query":"mutation { `,
    `         ┆ volumeDelete(volumeId: \\"3d2c42fb-9d1e-4f5a-a111-0123456789ab\\") `,
    `         ┆ }"}'`,
    " in      /proj/app",
    " session codex (k3f9abc), question q1",
    "─".repeat(80),
    " To allow, press a or s and type 3d2c42fb-9d1e-4f5a-a111-0123456789ab",
    " d deny  a allow once  s allow this session  r deny with reason  v whole plan",
  ]);
});

describe("a credential that the purpose has nothing to do with", () => {
  const looking = { ...view, now: lookedAt };
  const from = (lines: readonly string[], label: string) => {
    const at = lines.findIndex((line) => line.startsWith(` ${label}`));
    const end = lines.findIndex((line, index) => index > at && !line.startsWith("         "));
    return lines.slice(at, end);
  };

  it("is said with where it came from, and warned of on a line of its own", () => {
    const lines = renderCard(questions.stray, looking);
    expect([...from(lines, "using"), ...from(lines, "warning")]).toEqual([
      " using   RAILWAY_TOKEN from variable TOKEN; the same lies in ",
      "         infra/domains/.env:3 and 1 more, last changed in March, first read 2 ",
      "         minutes ago",
      " warning RAILWAY_TOKEN comes from infra/domains/.env and another file, ",
      "         unrelated to the purpose",
    ]);
  });

  it("is coloured as a warning, and stays on a small screen", () => {
    const lines = renderCard(questions.stray, { ...looking, colour: true, columns: 100 });
    expect(lines.filter((line) => line.includes("warning"))).toEqual([
      "\u001b[2m warning \u001b[0m\u001b[33mRAILWAY_TOKEN comes from infra/domains/.env and another file, unrelated to the purpose\u001b[0m",
    ]);
    const small = renderCard(questions.stray, { ...looking, columns: 40, rows: 10 });
    expect(small.filter((line) => line.startsWith(" warning"))).toEqual([
      " warning RAILWAY_TOKEN comes from …",
    ]);
  });

  it("in the whole plan with every file, and what each call uses", () => {
    const lines = renderCard(questions.stray, { ...looking, full: true, columns: 250 });
    expect(lines.filter((line) => /using|uses|warning/.test(line)).map((line) => line.trim())).toEqual([
      "using   RAILWAY_TOKEN from variable TOKEN, fingerprint a81f3c; the same lies in infra/domains/.env:3, last changed in March, first read 2 minutes ago, and in ~/old/.env:1",
      "warning RAILWAY_TOKEN comes from infra/domains/.env and another file, unrelated to the purpose",
      "uses     RAILWAY_TOKEN from variable TOKEN; the same lies in infra/domains/.env:3 and 1 more, last changed in March, first read 2 minutes ago",
      "warning  RAILWAY_TOKEN comes from infra/domains/.env and another file, unrelated to the purpose",
    ]);
  });

  it("reads the same behind a redactor, and from elsewhere", () => {
    const redact = createRedactor();
    const plain = renderCard(questions.stray, { ...looking, redact });
    const shown = redactQuestion(questions.stray, redact);
    const reply = parseReply(JSON.stringify({ is: "card", question: shown, word: "word" }));
    if (reply?.is !== "card") throw new Error("no card");
    expect(from(renderCard(reply.question, { ...looking, redact }), "using")).toEqual(from(plain, "using"));
    // What was redacted once is shown as it is.
    const whole = { ...looking, full: true };
    const there = renderCard(reply.question, { ...whole, redact: (text) => text });
    expect(there).toEqual(renderCard(questions.stray, { ...whole, redact }));
  });
});

it("says how many callers an allow would let through", () => {
  const items = questions.incident.items.map((each) => ({ ...each, callers: 3 }));
  const lines = renderCard({ ...questions.incident, items }, view);
  expect(lines[0]).toContain("holdpoint: 3 commands wait for you");
  expect(lines.filter((line) => line.startsWith(" times"))).toEqual([
    " times   3 callers wait to run this, and an allow lets each run it once",
  ]);
});

it("the same on 40 by 12", () => {
  expect(renderCard(questions.incident, { ...view, columns: 40, rows: 12 })).toEqual([
    " CRITICAL  holdpoint               4:32 ",
    "─".repeat(40),
    " Would delete volume 3d2c42fb-9d1e-4f5a",
    " -a111-0123456789ab at Railway",
    "   in production · no way back · the …",
    " why     Railway keeps a volume's …",
    " using   RAILWAY_TOKEN from …",
    " before  refused 2 times in this …",
    ` command │ curl -X P…168 more…b\\") }"}'`,
    "─".repeat(40),
    " To allow, press a or s and type 3d2c42f…".slice(0, 39).concat("…"),
    " d deny  a once  s session  r why  v all",
  ]);
});

it("a long text around one command: that command stays on the card", () => {
  const text = `bash -c 'source ${"/home/me/.claude/shell-snapshots/snapshot.sh || true && ".repeat(20)} eval '\\''rm -rf /var/ledger "$@"'\\''; ${"pwd ".repeat(100)}'`;
  const held = item(text, [file("/var/ledger")], "high", "files/lose-work", "It is gone.");
  const call = (argv: readonly string[]): JudgedCall => ({
    ...{ tool: argv[0] ?? "", argv, cwd: "/", env: emptyEnv, stdin: { kind: "none" }, redirects: [] },
    ...{ via: [], sight: "now", certain: true, span: undefined, known: true },
  });
  const judgement: Judgement = {
    ...held.judgement,
    calls: [call(["bash", "-c", text]), call(["rm", "-rf", "/var/ledger", "more"])],
    origins: { calls: [undefined, 0], effects: [1] },
  };
  const rows = renderCard(question([{ ...held, judgement }]), view);
  expect(rows.join("\n")).toContain("rm -rf /var/ledger");
});

describe("what lies outside the scope manifest", () => {
  const reasons = [
    "holdpoint.yaml: production allows nothing (hosts: *.example.com).",
    "holdpoint.yaml: staging does not allow delete (databases: /app).",
  ];
  const effects = reasons.map((boundsBecause, at) => ({
    ...plainEffect("curl", "delete", `https://${at}.example.com/x`),
    resource: "http" as const,
    method: "DELETE",
    host: `${at}.example.com`,
    path: "/x",
    bounds: "outside" as const,
    boundsBecause,
  }));
  const asked = item("curl …", effects, "medium", "scope/outside", "");
  const judgement = {
    ...asked.judgement,
    matches: asked.judgement.matches.map((match) => ({ ...match, because: reasons[match.effect] ?? "" })),
  };

  it("is said on the card, each of its sentences", () => {
    const lines = renderCard(question([{ ...asked, judgement }]), view);
    expect(lines.filter((line) => line.includes("holdpoint.yaml"))).toEqual([
      " why     holdpoint.yaml: production allows nothing (hosts: *.example.com). ",
      "         holdpoint.yaml: staging does not allow delete (databases: /app). ",
    ]);
  });

  it("and once in the whole plan, also of what no rule holds", () => {
    const plan = renderCard(question([{ ...asked, judgement }]), { ...view, full: true, columns: 120 });
    expect(plan.filter((line) => line.includes("holdpoint.yaml"))).toEqual(
      reasons.map((reason) => `     asked    ${reason} [scope/outside]`),
    );
    const inside = {
      ...judgement,
      effects: effects.map((each) => ({ ...each, bounds: "inside" as const })),
      matches: [],
    };
    const quiet = renderCard(question([{ ...asked, judgement: inside }]), {
      ...view,
      full: true,
      columns: 120,
    });
    expect(quiet.filter((line) => line.includes("where    "))).toEqual(
      reasons.map((reason) => `     where    environment unknown; ${reason}`),
    );
  });
});

describe("what an agent writes", () => {
  it("draws no line of its own", () => {
    const text = "x\n\u001b[1;1H HIGH \r d deny\u0007";
    const lines = renderCard(question([item(text, [], "high", "r", "b")]), view);
    expect(lines.filter((line) => line.includes("x") || line.includes("HIGH"))).toEqual(
      [
        " HIGH  holdpoint: a command waits for you                        denied in 4:32 ",
        " command │ x",
        "         │ ⟨U+001B⟩[1;1H HIGH ⟨U+000D⟩ d deny⟨U+0007⟩",
        " in      /proj/app",
        " session codex (k3f9abc), question q1",
      ].filter((line) => line.includes("x") || line.includes("HIGH")),
    );
  });

  it("never makes a card larger than its screen", () => {
    const samples = fc.constantFrom(...Object.values(questions));
    fc.assert(
      fc.property(
        samples,
        fc.string({ unit: "binary", maxLength: 3000 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (sample, text, columns, rows, full) => {
          const [first] = sample.items;
          const items = first === undefined ? [] : [{ ...first, text, cwd: text }, ...sample.items];
          const { lines } = composeCard(
            { ...sample, label: text, items },
            { ...view, columns, rows, full },
            state,
          );
          expect(lines.length).toBeLessThanOrEqual(rows);
          if (columns >= 20) expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
          expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is shown around the part that matters", () => {
    const text = `${"a ".repeat(2000)}rm -rf /srv/data; ${"b ".repeat(2000)}`;
    const [effect] = questions.folder.items[0]?.judgement.effects ?? [];
    if (effect === undefined) throw new Error("no effect");
    const span = { start: 4000, end: 4016 };
    const lines = renderCard(question([item(text, [{ ...effect, span }], "high", "r", "b")]), {
      ...view,
      colour: true,
    });
    const marked = lines.flatMap((line) =>
      [...line.matchAll(/\u001b\[1;4m(.*?)\u001b/g)].map((match) => match[1]),
    );
    expect(marked).toEqual(["rm -rf ", "/srv/data"]);
    expect(lines.length).toBeLessThanOrEqual(24);
  });
});

it("pages the whole plan", () => {
  const long = question([item("x\n".repeat(100), [], "low", "r", "b")]);
  const { lastOffset, page } = composeCard(long, { ...view, full: true }, state);
  const last = composeCard(long, { ...view, full: true }, { ...state, offset: 1e9 });
  expect([page, last.lines.length, last.lines.at(-3)?.includes("question q1"), lastOffset > 80]).toEqual([
    20,
    24,
    true,
    true,
  ]);
});

const preview = { effect: 0, kind: "sql", state: "found", tookMs: 3 } as const;
const looked = (previews: Previews) => ({
  ...questions.incident,
  items: questions.incident.items.map((each) => ({ ...each, previews })),
});
const foundRows = (previews: Previews, full = false): readonly string[] => {
  const lines = renderCard(looked(previews), { ...view, rows: 60, full });
  const start = lines.findIndex((line) => line.startsWith(" found"));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith("         "));
  return start < 0 ? [] : lines.slice(start, end).map((line) => line.slice(9).trimEnd());
};

describe("what was looked up", () => {
  it("what must not be overlooked first, then what was found, then what was not; each sentence once", () => {
    const found = [
      { ...preview, state: "failed", rows: ["psql is not installed"] } as const,
      { ...preview, rows: ["users: 9 rows", "in shop"] },
      {
        ...preview,
        rows: ["orders: 2 rows", "in shop"],
        environment: "production",
        loses: "all backups",
      } as const,
    ];
    const rows = [
      "all backups go with it",
      "environment production, by lookup",
      "users: 9 rows",
      "in shop",
      "orders: 2 rows",
      "not looked up (sql): psql is not installed",
    ];
    expect(foundRows({ found, isLooking: false })).toEqual(rows);
    expect(foundRows({ found, isLooking: true }, true)).toEqual([...rows, "looking …"]);
  });

  it("six rows on a card, all of them in the whole plan, and nothing where nothing is known", () => {
    const rows = Array.from({ length: 9 }, (_, n) => `row ${n}`);
    const found = [{ ...preview, rows }];
    expect(foundRows({ found, isLooking: false })).toEqual([
      "row 0",
      "row 1",
      "row 2",
      "row 3",
      "row 4",
      expect.stringMatching(/row 5|more/),
    ]);
    expect(foundRows({ found, isLooking: false }, true)).toEqual(rows);
    expect(foundRows({ found: [], isLooking: true })).toEqual(["looking …"]);
    expect(foundRows({ found: [], isLooking: false })).toEqual([]);
  });

  it("names of a server's own making move nothing on the screen", () => {
    const rows = ["\u001b[2Jusers\r: 9 rows\u202e"];
    const [shown = ""] = foundRows({ found: [{ ...preview, rows }], isLooking: false });
    expect(shown).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(shown).toContain("users");
  });
});
