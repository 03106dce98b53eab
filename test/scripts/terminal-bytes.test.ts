import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// Whatever an agent writes into names, lines, manifests and arguments, no page, no message and no report holds a byte that a
// terminal acts on, or a letter that turns the reading round.

const hostile: readonly string[] = [
  "\u001b[2J\u001b[1;1H",
  "\u001b]52;c;ZXZpbA==\u0007",
  "\u001b]8;;http://x\u001b\\there\u001b]8;;\u001b\\",
  "\u001b]0;title\u0007",
  "\u001bP1$r\u001b\\",
  "\u001b_apc\u001b\\",
  "\u009b2J\u0090q\u009c",
  "kept\rgone\b\b\u0007\u007f",
  "\u202egpj\u2066x\u2069\u200f",
  "a\u200b\u200d\ufeff\u00adb",
  "\u{e0041}\u{e007f}",
  "│ y allow ╰──────╯",
  `z${"\u0301".repeat(60)}`,
  "::error::x %0A",
];
const all = hostile.join(" ");
/** In file names: no NUL, no slash; at most 255 bytes. */
const names = hostile.map((text) => text.replaceAll("/", "_").slice(0, 60));

const kinds = ["sarif", "junit", "json"];
let place: Place;
let reports: string;

beforeAll(async () => {
  place = await makePlace({ keepsTrash: true });
  reports = join(place.base, "reports");
  mkdirSync(reports);
  for (const name of names) {
    writeFileSync(join(place.workspace, name), "x");
    writeFileSync(join(place.outside, name), "x");
  }
  // A name that is no UTF-8.
  execFileSync("bash", ["-c", "printf x > $'raw\\x9b2J\\xff'"], { cwd: place.workspace });
  writeFileSync(
    join(place.workspace, "holdpoint.yaml"),
    'version: 1\npurpose: "a \\u00e9 ::error::x <!-- | y allow"\nfiles:\n  never: ["│ y allow/**"]\n',
  );
  writeFileSync(join(place.workspace, "lines.sh"), `rm -rf ~/'${all}'\n`);
  writeFileSync(join(place.workspace, `.env.${names[0]}`), `API_TOKEN=ghp_${"a1B2".repeat(9)}\n`);
}, 120_000);
afterAll(() => place.remove());

function holdpoint(args: readonly string[], input = ""): Promise<Outcome> {
  return execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env, input });
}

/** What a terminal would act on, each once. */
function acted(text: string): readonly string[] {
  const found =
    text.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\ufffd\udc80-\udcff]|\p{M}{9,}/gu) ?? [];
  return [...new Set(found)].map((each) =>
    [...each]
      .slice(0, 3)
      .map((char) => `U+${char.codePointAt(0)?.toString(16)}`)
      .join(" "),
  );
}

/** That the hostile text is there at all, written out: else nothing was tried. */
function expectShown(text: string): void {
  expect(text).toMatch(/⟨U\+001B⟩|\\u001b/);
}

function expectPlain(what: string, ...texts: readonly string[]): void {
  expect({ what, acted: texts.flatMap(acted) }).toEqual({ what, acted: [] });
}

test("a session of hostile names: its notices, log, reports", async () => {
  const quoted = hostile.map((text) => `'${text.replaceAll("'", "")}'`).join(" ");
  const script = [
    `rm -rf ${names.map((name) => `"${place.outside}"/$'${[...Buffer.from(name)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}'`).join(" ")}`,
    `rm -- $'raw\\x9b2J\\xff' ${quoted}`,
    `git push --force ${quoted}`,
    `curl -X DELETE "https://api.github.com/repos/${all.replaceAll(/["\\`$]/g, "")}"`,
    `"${all.replaceAll(/["\\`$]/g, "")}" x`,
  ];
  for (const text of script) {
    const flags = [
      "--mode",
      "deny",
      ...kinds.flatMap((kind) => ["--report", `${kind}=${join(reports, kind)}`]),
    ];
    const { stderr } = await place.run({ command: ["bash", "-c", text], flags });
    for (const kind of readdirSync(reports)) expectPlain(kind, readFileSync(join(reports, kind), "utf8"));
    // What the programs themselves say is theirs.
    expectPlain(text, ...stderr.split("\n").filter((line) => line.startsWith("holdpoint")));
  }
  for (const args of [
    ["log"],
    ["log", "--json"],
    ["log", "--list"],
    ["log", "verify"],
    ["log", "--only", "denied"],
    ["undo", "--list"],
    ["undo", "--list", "--json"],
    ["undo"],
  ]) {
    const { stdout, stderr } = await holdpoint(args);
    expectPlain(args.join(" "), stdout, stderr);
    if (["log", "log --json", "undo --list", "undo --list --json"].includes(args.join(" ")))
      expectShown(stdout);
  }
}, 300_000);

const evil = all.replaceAll("\u0000", "");
const pages: readonly (readonly [args: readonly string[], input?: string])[] = [
  [["explain", `rm -rf ~/'${evil}' *`]],
  [["explain", "--json", `rm -rf ~/'${evil}' *`]],
  [["explain", "--plan", `rm -rf ~/'${evil}'; git push --force '${evil}'`]],
  [["explain", "--json", "--plan", `rm -rf ~/'${evil}' *`]],
  [["explain", "--plan", "lines.sh"]],
  [["explain", "--batch"], `${JSON.stringify({ line: `rm -rf ~/'${evil}'` })}\n`],
  [["explain", `if ( '${evil}`]],
  [["scope"]],
  [["scope", "--json"]],
  [["credentials"]],
  [["credentials", "--json"]],
  [["status"]],
  [["status", "--json"]],
  [["approve"]],
  [["trust"]],
  [["trust", "--list"]],
  [["trust", evil]],
  [["rules", evil]],
  [["rules", "test", evil]],
  [["rules", "--json"]],
  [["log", evil]],
  [["log", "--session", evil]],
  [["undo", evil]],
  [["end", evil]],
  [["approve", evil]],
  [["init", evil]],
  [["completion", evil]],
  [["hook", evil]],
  [[evil]],
  [["run", `--${evil}`]],
  [["run", "--mode", evil, "--", "true"]],
  [["--", evil]],
  [["explain", "--plan", evil]],
  [
    ["hook", "claude"],
    JSON.stringify({
      hook_event_name: "PreToolUse",
      tool_name: evil,
      tool_input: { command: `rm -rf ~/'${evil}'` },
      cwd: evil,
    }),
  ],
  [
    ["hook", "claude"],
    JSON.stringify({
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: `rm -rf ~/'${evil}'` },
      session_id: "s",
    }),
  ],
  [["hook", "claude"], evil],
];

test.each(pages.map(([args, input]) => ({ args, input })))(
  "$args",
  async ({ args, input }) => {
    const { stdout, stderr } = await holdpoint(args, input);
    expectPlain(args.join(" ").slice(0, 40), stdout, stderr);
    if (args[0] === "explain") expectShown(stdout + stderr);
  },
  60_000,
);
