import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { PlanStep } from "../../src/model/plan.js";
import { composeCard } from "../../src/prompt/card.js";
import { makePlan } from "../../src/prompt/plan.js";
import { planRows } from "../../src/prompt/plan-rows.js";
import { redactQuestion } from "../../src/prompt/redacted.js";
import { textWidth } from "../../src/prompt/width.js";
import { paintRow } from "../../src/prompt/wrapping.js";
import { judgeExample } from "../example-judge.js";
import { item, question, questions } from "./sample-questions.js";

const redact = (text: string): string => text.replace(/Bearer [^"' ]+|s3cret-\w+/g, "‹redacted›");

async function plan(line: string, columns = 80, all = false): Promise<readonly string[]> {
  const judgement = await judgeExample(line);
  const rows = planRows(makePlan([{ text: line, judgement }]), { columns, redact }, all);
  // Salted anew by each world.
  return rows.map((row) =>
    paintRow(row, false)
      .trimEnd()
      .replace(/fingerprint \w+/, "fingerprint …"),
  );
}

const incident = `curl -X POST https://backboard.railway.app/graphql/v2 -H "Authorization: Bearer 6f3a-not-a-real-one" -d '{"query":"mutation { volumeDelete(volumeId: \\"3d2c42fb\\") }"}'`;

describe("golden", () => {
  test("the incident's call", async () => {
    expect(await plan(incident)).toMatchInlineSnapshot(`
      [
        " plan    1 call, held, 1 thing destroyed for good",
        " where   environment unknown",
        " using   authorization written in the command, fingerprint …",
        "",
        " 1 curl -X POST https://backboard.railway.app/graphql/v2 -H 'Authorization:",
        "   ‹redacted›' -d '{"query":"mutation { volumeDelete(volumeId: \\"3d2c42fb\\")",
        "   }"}'",
        "     destroys delete volume 3d2c42fb at Railway",
        "     where    environment unknown",
        "     back     no way back (deletes a persistent volume and its data)",
        "     asked    Railway keeps a volume's backups inside the volume; deleting it",
        "              deletes them, and there is no undo. [railway/volume-delete]",
        "     back     None: the backups that Railway made lie in the volume. Only a",
        "              dump that was taken to somewhere else.",
        "     instead  Take a dump to another provider first, or delete it by hand in",
        "              the dashboard.",
        "     uses     authorization written in the command, fingerprint …",
      ]
    `);
  });

  test("nested sudo, and what each starts", async () => {
    expect(
      await plan("sudo sudo -u postgres bash -c 'psql -h db.example.com app -c \"DROP TABLE users\"'"),
    ).toMatchInlineSnapshot(`
      [
        " plan    4 calls, 1 of them held, 1 thing destroyed for good",
        " where   environment unknown",
        "",
        " 1 sudo sudo -u postgres bash -c 'psql -h db.example.com app -c "DROP TABLE",
        "   users"'",
        " 2   by sudo: sudo -u postgres bash -c 'psql -h db.example.com app -c "DROP",
        "     TABLE users"'",
        " 3     by sudo: bash -c 'psql -h db.example.com app -c "DROP TABLE users"'",
        " 4       by bash -c: psql -h db.example.com app -c 'DROP TABLE users'",
        "           destroys DROP TABLE users in app on db.example.com, postgres",
        "           where    environment unknown",
        "           back     no way back (no undo after commit)",
        "           asked    The rows go with the table, column or object; there is no",
        "                    undo after commit. [sql/drop-table]",
        "           back     None after commit; only a dump, or the server's own",
        "                    recovery to a point in time.",
        "           instead  Copy what is needed first, or rename it and drop it later.",
      ]
    `);
  });

  test("ways back: git, a build, none", async () => {
    expect(await plan("rm -rf node_modules notes.txt src/index.ts")).toMatchInlineSnapshot(`
      [
        " plan    1 call, held, 1 thing destroyed for good",
        "",
        " 1 rm -rf node_modules notes.txt src/index.ts",
        "     does     delete an unknown amount below /home/dev/project/node_modules",
        "     back     can be made again: npm ci, or as this project installs its",
        "              packages (build output in "node_modules")",
        "     destroys delete an unknown amount below /home/dev/project/notes.txt",
        "     back     no way back (untracked, from before the session)",
        "     asked    Neither git nor a build has this content; once gone it cannot be",
        "              had again. [files/lose-work]",
        "     back     None, but for a backup of this machine or an editor that keeps a",
        "              history.",
        "     instead  Move it aside inside the workspace, or commit it first.",
        "     does     delete an unknown amount below /home/dev/project/src/index.ts",
        "     back     git has its content: git -C /home/dev/project/src checkout --",
        "              index.ts (git holds this very content)",
      ]
    `);
  });

  test("terraform, only where it comes to that", async () => {
    expect(await plan('[ -n "$CI" ] && terraform destroy -auto-approve')).toMatchInlineSnapshot(`
      [
        " plan    2 calls, 1 of them held, 1 thing destroyed for good",
        " where   environment unknown",
        "",
        " 1 [ -n '' ]",
        " 2 terraform destroy -auto-approve",
        "     destroys might delete infrastructure at Terraform by terraform destroy",
        "     where    environment unknown",
        "     back     no way back (destroys everything in the state, or what -target",
        "              names)",
        "     asked    What is stored in it, or what runs on it, is deleted with it;",
        "              the provider has no undo. [cloud/store-delete]",
        "     back     None at most providers; some keep a deleted store for days and",
        "              bring it back when they are asked.",
        "     instead  Show what it holds (GET), take a backup, and let a person delete",
        "              it in the provider's console.",
        "     when     only if it comes to that",
      ]
    `);
  });

  test("a program that comes from the network", async () => {
    expect(await plan("curl -s https://get.example.com/x.sh | bash")).toMatchInlineSnapshot(`
      [
        " plan    2 calls, 1 of them held, nothing known to be destroyed for good",
        " where   environment unknown",
        "",
        " 1 curl -s https://get.example.com/x.sh",
        "     does     send GET to get.example.com/x.sh",
        "     where    environment unknown",
        " 2 bash",
        "     does     run unread code by bash",
        "     back     way back unknown (what it runs comes from the network, and",
        "              nobody has read it)",
        "     asked    It runs code from elsewhere that neither a person nor a program",
        "              has read. [infrastructure/unread-code]",
        "     back     None in general: what the code did is not known.",
        "     instead  Save it to a file, read it, and run that file by itself.",
      ]
    `);
  });

  test("what is not known before it runs", async () => {
    expect(await plan("ls | xargs rm -f; acme sync")).toMatchInlineSnapshot(`
      [
        " plan    4 calls, nothing known to be destroyed for good",
        " unread  not everything about 2 calls is known before it runs",
        "",
        " 1 ls",
        " 2 xargs rm -f",
        " 3   by xargs: rm -f items of xargs",
        "       unread   items of xargs: they come on its stdin; judged when it runs,",
        "                with what it is then",
        " 4 acme sync",
        "     unread   nobody described this program: what it starts is judged, what it",
        "              does by itself is not",
      ]
    `);
  });

  test("a loop is gathered by what its calls do", async () => {
    const line =
      "for i in {1..40}; do curl -s https://api.example.com/v1/$i; curl -X DELETE https://api.example.com/v1/$i; done";
    expect(await plan(line)).toMatchInlineSnapshot(`
      [
        " plan    80 calls, 40 of them held, 40 things with no known way back",
        " where   environment unknown",
        "",
        "  1 40 × curl -s https://api.example.com/v1/1",
        "      to       curl -s https://api.example.com/v1/40",
        "      does     40 things: send GET to api.example.com/v1/1 … send GET to",
        "               api.example.com/v1/40",
        "      where    environment unknown",
        "  2 40 × curl -X DELETE https://api.example.com/v1/1",
        "      to       curl -X DELETE https://api.example.com/v1/40",
        "      destroys 40 things: send DELETE to api.example.com/v1/1 … send DELETE to",
        "               api.example.com/v1/40",
        "      where    environment unknown",
        "      back     way back unknown (sends DELETE to api.example.com)",
        "      asked    The request deletes something on a server, where nothing here",
        "               can bring it back. [http/delete]",
        "      back     Only what the server itself keeps.",
        "      instead  Read it first with GET and show what would be deleted.",
      ]
    `);
  });

  test("a long line's calls that only read are folded", async () => {
    const line = `cat a; grep b c; ${"ls; pwd; ".repeat(8)} rm notes.txt; head d; tail e; wc f`;
    expect(await plan(line)).toMatchInlineSnapshot(`
      [
        " plan    22 calls, 1 of them held, 1 thing destroyed for good",
        "",
        "  1 18 calls that only read: cat, grep, ls, pwd",
        " 19 rm notes.txt",
        "      destroys delete /home/dev/project/notes.txt",
        "      back     no way back (untracked, from before the session)",
        "      asked    Neither git nor a build has this content; once gone it cannot",
        "               be had again. [files/lose-work]",
        "      back     None, but for a backup of this machine or an editor that keeps",
        "               a history.",
        "      instead  Move it aside inside the workspace, or commit it first.",
        " 20 3 calls that only read: head, tail, wc",
      ]
    `);
  });

  test("narrow, it is still all there", async () => {
    expect(await plan("git stash drop", 40)).toMatchInlineSnapshot(`
      [
        " plan    1 call, held, 1 thing",
        "         destroyed for good",
        "",
        " 1 git stash drop",
        "     destroys delete stash by git",
        "              stash drop",
        "     back     no way back (stashed",
        "              work is in no branch)",
        "     asked    Stashed work is in no",
        "              branch; after this only",
        "              a search for loose",
        "              objects finds it, until",
        "              git collects them.",
        "              [git/stash]",
        "     back     \`git fsck --unreachable\`",
        "              finds the commit for",
        "              some weeks; \`git stash",
        "              apply ID\` brings it back.",
        "     instead  Turn the stash into a",
        "              branch with git stash",
        "              branch NAME first.",
      ]
    `);
  });
});

test("nothing folded on demand", async () => {
  const line = "for i in $(seq 40); do curl -X DELETE https://api.example.com/v1/$i; done";
  const rows = await plan(line, 80, true);
  expect(rows.filter((row) => /^ +\d+ curl/.test(row))).toHaveLength(40);
});

test("each effect stands under its call, also of a loop's inner shells", async () => {
  const line = 'for i in 1 2 3 4 5 6; do bash -c "rm -f /srv/data/$i"; done';
  const made = makePlan([{ text: line, judgement: await judgeExample(line) }]);
  expect(
    made.steps.map(({ text, inner }) => [text, inner.map((one) => [one.via, one.text, one.deeds.length])]),
  ).toEqual(
    [1, 2, 3, 4, 5, 6].map((at) => [
      `bash -c 'rm -f /srv/data/${at}'`,
      [[["bash -c"], `rm -f /srv/data/${at}`, 1]],
    ]),
  );
});

test("and under its call on another machine", async () => {
  const line = "ls; ssh web1 'cat x; bash -c \"rm -rf /srv/data\"'";
  const made = makePlan([{ text: line, judgement: await judgeExample(line) }]);
  const seen = (step: PlanStep): unknown => [
    step.tool,
    step.deeds.map(({ action }) => action),
    step.inner.map(seen),
  ];
  expect(made.steps.map(seen)).toMatchInlineSnapshot(`
    [
      [
        "ls",
        [],
        [],
      ],
      [
        "ssh",
        [
          "execute",
        ],
        [
          [
            "cat",
            [],
            [],
          ],
          [
            "bash",
            [],
            [
              [
                "rm",
                [
                  "delete",
                ],
                [],
              ],
            ],
          ],
        ],
      ],
    ]
  `);
});

const view = {
  columns: 100,
  rows: 40,
  colour: false,
  full: true,
  challenge: undefined,
  remainingMs: 1000,
  redact,
};
const state = { offset: 0, entry: undefined, notice: undefined };

it("is what the card's whole plan shows, row by row", async () => {
  const judgement = await judgeExample(incident);
  const asked = question([{ ...item(incident, [], "critical", "r", "b"), judgement }]);
  const rows = planRows(makePlan(asked.items), view).map((row) => paintRow(row, false));
  const { lines } = composeCard(asked, view, state);
  expect(lines.slice(2, 2 + rows.length)).toEqual(rows);
  expect(lines.slice(2 + rows.length).join("\n")).toContain("session codex (k3f9abc), question q1");
});

it("says what a question without calls would do", () => {
  const { lines } = composeCard(questions.folder, view, state);
  expect(lines.join("\n")).toContain("destroys delete 14 files below /srv/data");
});

it("goes elsewhere without secrets, and looks the same there", async () => {
  const line = "curl -u me:s3cret-word -X DELETE https://api.example.com/v1/s3cret-id";
  const asked = question([{ ...item(line, [], "high", "r", "b"), judgement: await judgeExample(line) }]);
  const sent = JSON.parse(JSON.stringify(redactQuestion(asked, redact)));
  expect(JSON.stringify(sent)).not.toContain("s3cret");
  expect(composeCard(sent, { ...view, redact: (text) => text }, state).lines).toEqual(
    composeCard(asked, view, state).lines,
  );
});

describe("what an agent writes", () => {
  it("draws nothing of its own, at any width", async () => {
    const lines = [
      "rm -rf '/srv/\u202egpj.exe\u001b[2J\u001b]0;x\u0007' \"/srv/日本語ファイル名/Ａ\u200b\"",
      `bash -c $'rm /srv/x\\n d deny  a allow\\r\\x1b[1;1H'`,
      `for f in a b c d e f g; do psql -c "DELETE FROM \\"$f\u009b2J\\""; done`,
    ];
    const judged = await Promise.all(
      lines.map(async (text) => ({ text, judgement: await judgeExample(text) })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...judged),
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        (one, columns, all) => {
          const rows = planRows(makePlan([one]), { columns, redact }, all).map((row) => paintRow(row, false));
          expect(rows.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u200b]/);
          expect(Math.max(...rows.map(textWidth))).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("five hundred kinds of calls make a card that scrolls", async () => {
  const line = Array.from({ length: 500 }, (_, at) => `rm -f /srv/data/${at}`).join("; ");
  const asked = question([{ ...item(line, [], "high", "r", "b"), judgement: await judgeExample(line) }]);
  const { lines, lastOffset, page } = composeCard(asked, view, state);
  expect([lines.length, page > 20, lastOffset > 1000]).toEqual([40, true, true]);
  const last = composeCard(asked, view, { ...state, offset: 1e9 }).lines.join("\n");
  expect(last).toContain("question q1");
});
