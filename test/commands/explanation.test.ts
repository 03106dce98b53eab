import { expect, test } from "vitest";
import { explainForPeople } from "../../src/commands/explanation.js";
import { textWidth } from "../../src/prompt/width.js";
import { judgeExample } from "../example-judge.js";

async function explain(line: string, columns = 80, colour = false): Promise<readonly string[]> {
  return explainForPeople(await judgeExample(line), line, { columns, colour });
}

test.each([
  ["nothing to say", "ls -la | grep foo", ["would run, logged: nothing here needs a human"]],
  [
    "a loss that can be made good",
    "rm -rf node_modules",
    ["would run, logged: delete an unknown amount below /home/dev/project/node_module…"],
  ],
  [
    "a program that nobody knows",
    "acme sync && ls",
    [
      "would run, logged: nothing here needs a human",
      "  unknown   acme: what it starts is judged, what it does by itself is not",
    ],
  ],
  [
    "what only its shim will see",
    "ls | xargs rm -f",
    [
      "would run, logged: nothing here needs a human",
      "  later     rm -f items of xargs: they come on its stdin; judged when it runs,",
      "            with what it is then",
    ],
  ],
])("a line that is fine is told in a row: %s", async (_, line, rows) => {
  expect(await explain(line)).toEqual(rows);
});

test("each part is underlined, and told with what asks and what instead", async () => {
  expect(await explain("git stash drop && rm -rf node_modules; rm notes.txt; ls")).toEqual([
    "would ask (high)",
    "",
    "  │ git stash drop && rm -rf node_modules; rm notes.txt; ls",
    "    ^^^^^^^^^^^^^^ 1                       ^^^^^^^^^^^^ 2",
    "",
    " 1  Would delete stash by git stash drop",
    "    no way back · stashed work is in no branch",
    "    asked   Stashed work is in no branch; after this only a search for loose",
    "            objects finds it, until git collects them. [git/stash]",
    "    back    `git fsck --unreachable` finds the commit for some weeks; `git",
    "            stash apply ID` brings it back.",
    "    instead Turn the stash into a branch with git stash branch NAME first.",
    "",
    " 2  Would delete /home/dev/project/notes.txt",
    "    no way back · untracked, from before the session",
    "    asked   Neither git nor a build has this content; once gone it cannot be",
    "            had again. [files/lose-work]",
    "    back    None, but for a backup of this machine or an editor that keeps a",
    "            history.",
    "    instead Move it aside inside the workspace, or commit it first.",
    "",
    "  besides   delete an unknown amount below /home/dev/project/node_modules (can",
    "            be made again)",
    "  more      holdpoint explain --why git/stash",
  ]);
});

/** The rows of the line and its carets alone. */
async function marked(line: string, columns = 80): Promise<readonly string[]> {
  const rows = await explain(line, columns);
  return rows.slice(2, rows.indexOf("", 2));
}

test.each([
  [
    "wide characters take two columns",
    "echo 日本語 👍; rm 日記.txt; echo",
    ["  │ echo 日本語 👍; rm 日記.txt; echo", "                    ^^^^^^^^^^^ 1"],
  ],
  [
    "what would move the cursor or turn the reading order is written out",
    "echo '\r\u001b[2K\u202e'; rm notes.txt",
    [
      "  │ echo '⟨U+000D⟩⟨U+001B⟩[2K⟨U+202E⟩'; rm notes.txt",
      "                                        ^^^^^^^^^^^^ 1",
    ],
  ],
  [
    "each line with its marks",
    "cd src\nrm ../notes.txt\necho done",
    [" 1  │ cd src", " 2  │ rm ../notes.txt", "      ^^^^^^^^^^^^^^^ 1", " 3  │ echo done"],
  ],
  [
    "inside another shell's text",
    "bash -c 'echo a; rm notes.txt' && ls",
    ["  │ bash -c 'echo a; rm notes.txt' && ls", "                     ^^^^^^^^^^^^ 1"],
  ],
  [
    "a text that does not stand there word for word",
    "bash -c 'rm '\"notes.txt\"",
    ["  │ bash -c 'rm '\"notes.txt\"", "    ^^^^^^^^^^^^^^^^^^^^^^^^ 1"],
  ],
  [
    "parts within parts on rows of their own",
    "rm notes.txt $(git stash drop)",
    [
      "  │ rm notes.txt $(git stash drop)",
      "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 1",
      "                   ^^^^^^^^^^^^^^ 2",
    ],
  ],
])("marks: %s", async (_, line, rows) => {
  expect(await marked(line)).toEqual(rows);
});

test("a long line is broken, and its marks with it", async () => {
  const rows = await marked(`echo ${"x".repeat(30)}; rm notes.txt`, 40);
  expect(rows).toEqual([
    "  │ echo xxxxxxxxxxxxxxxxxxxxxxxxx",
    "  ┆ xxxxx; rm notes.txt",
    "           ^^^^^^^^^^^^ 1",
  ]);
});

test("of a text of many lines those that matter are shown, the others counted", async () => {
  const some = Array.from({ length: 40 }, (_, at) => `echo ${at}`).join("\n");
  expect(await marked(`${some}\nrm notes.txt\n${some}\n`)).toEqual([
    "  1  │ echo 0",
    "       … 39 more rows …",
    " 41  │ rm notes.txt",
    "       ^^^^^^^^^^^^ 1",
    "       … 39 more rows …",
    " 81  │ echo 39",
  ]);
});

test("many findings: the first are told, the others counted; nothing is wider than the terminal", async () => {
  const line = Array.from({ length: 30 }, (_, at) => `git push -f origin b${at}`).join("; ");
  const rows = await explain(line, 50);
  expect(rows).toContain("… and 21 more; --json has all");
  expect(rows.filter((row) => textWidth(row) > 50)).toEqual([]);
  expect(rows.filter((row) => row.includes("as above"))).toHaveLength(8);
});

test.each([24, 40, 80, 200])("%i columns are respected", async (columns) => {
  const line = `echo ${"日".repeat(50)}; rm ${"n".repeat(90)}.txt notes.txt; psql -c 'drop table a; drop table b'`;
  const rows = await explain(line, columns);
  expect(rows.filter((row) => textWidth(row) > Math.min(columns, 120))).toEqual([]);
});

test("colour only where it is wanted", async () => {
  const line = "rm notes.txt; rm -rf /etc";
  const plain = await explain(line);
  const coloured = await explain(line, 80, true);
  expect(plain.join("\n")).not.toContain("\u001b");
  expect(coloured.join("\n").replaceAll(/\u001b\[[\d;]*m/g, "")).toEqual(plain.join("\n"));
  expect(coloured[0]).toBe("\u001b[1;31mwould be denied (critical)\u001b[0m");
});

test("what could not be parsed is said, with the reason", async () => {
  const rows = await explain("rm notes.txt; if true; then");
  expect(rows.join(" ")).toMatch(/Would run what cannot be judged: .* expected 'fi'|expected 'fi'/);
});

test("nothing of a name or a reason reaches the terminal unseen", async () => {
  const rows = await explain("rm \u001b]0;x\u0007notes.txt; ./\u202eacme; rm 'a\nb.txt'");
  expect(rows.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
