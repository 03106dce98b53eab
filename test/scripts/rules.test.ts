import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

let place: Place;
let config: string;
beforeAll(async () => {
  place = await makePlace();
  config = join(place.home, ".config", "holdpoint");
});
afterAll(() => place.remove());

function holdpoint(...args: readonly string[]): Promise<Outcome> {
  return execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env });
}

function write(name: string, text: string, folder = place.workspace): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

const tool = (name: string, cases: string) => `tool: ${name}
resource: cloud
provider: acme
commands:
  box: { type: volume, commands: { list: { read: lists }, drop: { delete: deletes a box } } }
cases:
${cases}`;

describe("rules test", () => {
  test.each<[string, string, number, string]>([
    [
      "a tool file, all right",
      tool("acme", "  - { line: acme box drop 1, verdict: ask, rules: [cloud/store-delete] }\n"),
      0,
      "x.yaml: 1 line, all as expected\n",
    ],
    [
      "a tool file, not right",
      tool(
        "acme",
        "  - { line: acme box list, verdict: deny }\n  - line: acme box drop 1\n    verdict: ask\n    rules: [cloud/interrupt]\n",
      ),
      1,
      "x.yaml:7:13: expected deny, got allow\n    acme box list\n    read as: read volume at Acme by acme box list (nothing is lost)\n" +
        "x.yaml:8:11: expected ask by cloud/interrupt, got ask by cloud/store-delete\n    acme box drop 1\n    read as: delete volume 1 at Acme (no way back)\n" +
        "x.yaml: 2 of 2 lines not as expected\n",
    ],
    [
      "a pack",
      "pack: mine\nrules:\n  - id: mine/a\n    when: { resource: git, action: delete }\n    then: ask\n    because: b\n    match: [git stash drop, git status]\n    no-match: [git stash drop]\n",
      1,
      "x.yaml:7:29: expected a match of mine/a, got allow\n    git status\n    read as nothing\n" +
        "x.yaml:8:16: expected no match of mine/a, got ask by git/stash, mine/a\n    git stash drop\n    read as: delete stash by git stash drop (no way back)\n" +
        "x.yaml: 2 of 3 lines not as expected\n",
    ],
    [
      "a config",
      "version: 1\nrules:\n  - { id: git/stash, unless: [{ operation: stash drop }], no-match: [git stash drop] }\n",
      0,
      "x.yaml: 1 line, all as expected\n",
    ],
    ["cases alone", "- { line: ls, verdict: allow }\n", 0, "x.yaml: 1 line, all as expected\n"],
    [
      "an API file",
      "api: acme\nhosts: [api.acme.example]\npaths:\n  POST /boxes/{id}/empty: { type: volume, delete: empties a box }\ncases:\n  - { line: curl -X POST https://api.acme.example/boxes/1/empty, verdict: ask }\n",
      0,
      "x.yaml: 1 line, all as expected\n",
    ],
    [
      "what is built in may be tried anew",
      tool("helm", "  - { line: helm box drop 1, verdict: ask }\n"),
      0,
      "x.yaml: 1 line, all as expected\n",
    ],
    [
      "nothing to judge",
      "tool: acme\nresource: cloud\nprovider: a\n",
      0,
      "x.yaml: can be used, but has no lines to judge\n",
    ],
  ])("%s", async (_, text, status, stdout) => {
    write("x.yaml", text);
    expect(await holdpoint("rules", "test", "x.yaml")).toEqual({ status, stdout, stderr: "" });
  });

  test.each([
    ["no such file", undefined, "nosuch.yaml: cannot be read: no such file"],
    ["what it is cannot be told", "a: 1\n", "nosuch.yaml:1:1: cannot tell what this is; "],
    ["a wrong key", "tool: a\nresource: cloud\nprovider: a\nverbs: []\n", 'nosuch.yaml:4:1: "verbs": '],
    ["no YAML", "tool: [\n", "nosuch.yaml:"],
  ])("a file that cannot be used: %s", async (_, text, problem) => {
    if (text !== undefined) write("nosuch.yaml", text);
    const { status, stdout, stderr } = await holdpoint("rules", "test", "nosuch.yaml");
    if (text !== undefined) rmSync(join(place.workspace, "nosuch.yaml"));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.startsWith(`holdpoint: ${problem}`)).toBe(true);
  });

  test("several files are laid over each other; --json", async () => {
    write("x.yaml", tool("acme", "  - { line: acme box list, verdict: allow }\n"));
    write("cases.yaml", "- { line: acme box drop 1, verdict: allow }\n");
    const { status, stdout, stderr } = await holdpoint("rules", "test", "--json", "x.yaml", "cases.yaml");
    expect({ status, stderr, report: JSON.parse(stdout) }).toEqual({
      status: 1,
      stderr: "",
      report: {
        ok: false,
        files: [
          { file: "x.yaml", lines: 1, failures: 0 },
          { file: "cases.yaml", lines: 1, failures: 1 },
        ],
        failures: [
          {
            file: "cases.yaml",
            line: 1,
            column: 11,
            text: "acme box drop 1",
            expected: { verdict: "allow" },
            got: {
              verdict: "ask",
              rules: ["cloud/store-delete"],
              effects: [expect.objectContaining({ action: "delete", type: "volume", target: "1" })],
            },
          },
        ],
      },
    });
  });
});

describe("what a config includes", () => {
  afterEach(() => rmSync(config, { recursive: true, force: true }));

  test("counts, in a session as in explain", async () => {
    write("config.yaml", "version: 1\ninclude: [acme.yaml, acme-api.yaml, pack.yaml]\n", config);
    write("acme.yaml", tool("acme", "  - { line: acme box drop 1, verdict: ask }\n"), config);
    write(
      "acme-api.yaml",
      "api: acme\nhosts: [api.acme.example]\npaths: { POST /empty: { delete: empties it } }\n",
      config,
    );
    write(
      "pack.yaml",
      "pack: mine\nrules:\n  - id: mine/a\n    when: { provider: acme, action: read }\n    then: deny\n    because: b\n    match: [acme box list]\n    no-match: [ls]\n",
      config,
    );
    expect((await holdpoint("explain", "acme box drop 1")).status).toBe(3);
    expect((await holdpoint("explain", "curl -X POST https://api.acme.example/empty")).status).toBe(3);
    expect((await holdpoint("explain", "acme box list")).status).toBe(4);
    const bin = join(place.base, "bin");
    write("acme", "#!/bin/sh\necho ran\n", bin);
    await execute("/bin/chmod", ["+x", join(bin, "acme")], { cwd: place.base, env: place.env });
    const env = { PATH: `${bin}:${place.env["PATH"]}` };
    const run = await place.run({
      command: ["sh", "-c", "acme box drop 1"],
      flags: ["-q", "--mode", "deny"],
      env,
    });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 126, stdout: "" });
    const test = await holdpoint("rules", "test", join(config, "config.yaml"));
    expect(test).toMatchObject({ status: 0, stderr: "" });
  });

  test("is the guard's: nothing of a session writes there", async () => {
    const { status, stdout } = await holdpoint("explain", "echo x > ~/.config/holdpoint/acme.yaml");
    expect([status, /guard\/own-files/.test(stdout)]).toEqual([4, true]);
  });

  test("a config by name and what it includes are guarded, too", async () => {
    write("own.yaml", "version: 1\ninclude: [own-tool.yaml]\n");
    write("own-tool.yaml", tool("acme", "  - { line: acme box drop 1, verdict: ask }\n"));
    for (const name of ["own.yaml", "own-tool.yaml"]) {
      const { status } = await holdpoint("explain", "--config", "own.yaml", `echo x > ${name}`);
      expect([name, status]).toEqual([name, 4]);
    }
  });

  test.each([
    [
      "a tool that is known",
      "acme.yaml",
      tool("kubectl", "  []\n"),
      'acme.yaml: the tool "kubectl" is known already',
    ],
    ["a tool with a reader", "acme.yaml", tool("rm", "  []\n"), 'acme.yaml: the tool "rm" is known already'],
    [
      "a word of the shell",
      "acme.yaml",
      tool("eval", "  []\n"),
      'acme.yaml: the tool "eval" is known already',
    ],
    [
      "the guard's own name",
      "acme.yaml",
      tool("holdpoint-ask", "  []\n"),
      '"holdpoint-ask" cannot be the name of a tool',
    ],
    ["a path", "acme.yaml", tool("../acme", "  []\n"), '"../acme" cannot be the name of a tool'],
    [
      "a host that is known",
      "acme.yaml",
      "api: a\nhosts: [api.github.com]\n",
      'the host "api.github.com" is known already',
    ],
    [
      "a rule that stands",
      "acme.yaml",
      "pack: git\nrules:\n  - id: git/stash\n    when: { resource: git, action: read }\n    then: allow\n    because: b\n    match: [git status]\n    no-match: [ls]\n",
      'the rule "git/stash" stands already',
    ],
    ["a config", "acme.yaml", "version: 1\n", "acme.yaml is no pack, tool file or API file"],
    ["no such file", "other.yaml", "", 'config.yaml:2:11: "acme.yaml": cannot be read: no such file'],
    [
      "wrong examples",
      "acme.yaml",
      "pack: a\nrules:\n  - id: a/b\n    when: { resource: git, action: delete }\n    then: ask\n    because: b\n    match: [ls]\n    no-match: [ls]\n",
      '"a/b" does not match its example: ls',
    ],
  ])("stops the start: %s", async (_, name, text, problem) => {
    write("config.yaml", "version: 1\ninclude: [acme.yaml]\n", config);
    write(name, text, config);
    const { status, stderr } = await holdpoint("-q", "--", "true");
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });
});

describe("explain --why", () => {
  test("a rule and its examples, judged", async () => {
    const { status, stdout, stderr } = await holdpoint("explain", "--why", "git/stash", "--json");
    const { examples, ...rule } = JSON.parse(stdout);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(Object.keys(rule)).toEqual([
      "id",
      "origin",
      "when",
      "unless",
      "then",
      "severity",
      "because",
      "instead",
      "back",
      "locked",
    ]);
    expect(examples[0]).toEqual({
      line: "git stash drop",
      matches: true,
      verdict: "ask",
      rules: ["git/stash"],
      ok: true,
    });
    expect(examples.filter((one: { ok: boolean }) => !one.ok)).toEqual([]);
    const { stdout: page } = await holdpoint("explain", "--why", "git/stash");
    expect(page).toContain("git/stash: asks, high\n");
    expect(page).toContain("\n  it asks\n    ask    git stash drop\n");
    expect(page).toContain("\n  it leaves alone\n    allow  git stash");
  });

  test("an example that the user's config has changed says so", async () => {
    write("why.yaml", "version: 1\nrules: [{ id: git/stash, unless: [{ operation: stash drop }] }]\n");
    const { stdout } = await holdpoint("explain", "--why", "git/stash", "--config", "why.yaml");
    expect(stdout).toContain("    allow  git stash drop   (not as its author says)\n");
  });

  test.each([
    ["git/stahs", "did you mean git/stash"],
    ["zzz", 'no rule is called "zzz"\n'],
  ])("%s is no rule", async (name, words) => {
    const { status, stdout, stderr } = await holdpoint("explain", "--why", name);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("holdpoint rules --search");
  });

  test("with a line beside it is bad usage", async () => {
    expect((await holdpoint("explain", "--why", "git/stash", "ls")).status).toBe(2);
  });
});

describe("rules --search", () => {
  test.each([
    ["force push", "rules", "git/rewrite-remote"],
    ["stash", "rules", "git/stash"],
    ["delete volume railway", "tools", "railway"],
    ["kubectl drain", "tools", "kubectl"],
    ["api.github.com", "apis", "github"],
    ["psql", "tools", "psql"],
  ])("%s: the first of %s is %s", async (text, kind, first) => {
    const { status, stdout } = await holdpoint("rules", "--search", text, "--json");
    const found = JSON.parse(stdout);
    expect(status).toBe(0);
    const [hit] = found[kind];
    expect(hit.id ?? hit.provider ?? hit.names[0]).toBe(first);
  });

  test("for people: what was found, by kind, cut to the terminal", async () => {
    const { status, stdout } = await holdpoint("rules", "--search", "delete volume");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^rules\n {2}\S+\/\S+ \(ask\)\n[\s\S]*\ntools\n[\s\S]*\nAPIs\n[\s\S]*holdpoint explain --why /,
    );
    expect(stdout.split("\n").filter((row) => row.length > 80)).toEqual([]);
  });

  test("nothing is found", async () => {
    const { status, stdout } = await holdpoint("rules", "--search", "xyzzyx");
    expect([status, stdout]).toEqual([
      1,
      'nothing is known about "xyzzyx"; docs/writing-rules.md says how to make a tool known\n',
    ]);
    expect(await holdpoint("rules", "--search", "xyzzyx", "--json")).toMatchObject({
      status: 1,
      stdout: '{\n "rules": [],\n "tools": [],\n "apis": []\n}\n',
    });
  });
});
