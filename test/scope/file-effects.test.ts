import { expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { emptyEnv, envFrom } from "../../src/model/env.js";
import type { Request } from "../../src/model/judgement.js";
import type { FileScope, Manifest } from "../../src/model/scope.js";
import type { World } from "../../src/model/world.js";
import { builtin, rulesOf, table } from "../example-judge.js";
import { type FakeFile, fakeWorld } from "../fake-world.js";

// What the cases of schema/conformance cannot say: agents' own tools, folders too large, what the session made.

const none = { read: undefined, write: undefined, never: [] } as const;

function manifestOf(files: Partial<FileScope>): Manifest {
  return {
    file: "/w/holdpoint.yaml",
    folder: "/w",
    isTrusted: true,
    purpose: undefined,
    environments: [],
    files: { ...none, ...files },
    credentials: undefined,
    backups: [],
  };
}

function worldOf(names: readonly string[]): World {
  const files = names.map((name): [string, FakeFile] => [name, { text: "x" }]);
  return fakeWorld({ files: Object.fromEntries(files), shimmed: [...table.keys()] });
}

async function judged(request: Request, files: Partial<FileScope>, world: World) {
  const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [manifestOf(files)] }, table);
  const judgement = await judge(request, world);
  return { ...judgement, rules: rulesOf(judgement) };
}

function line(text: string): Request {
  const env = envFrom([
    ["HOME", "/home/me"],
    ["PATH", "/session/bin:/usr/bin"],
  ]);
  return { door: "line", text, shell: "bash", args: [], cwd: "/w", env, stdin: { kind: "none" } };
}

function tool(name: string, ...argv: readonly string[]): Request {
  const stdin = { kind: "none" } as const;
  return { door: "exec", tool: `agent/${name}`, argv, cwd: "/w", env: emptyEnv, stdin };
}

test.each<[string, Request, string, readonly string[]]>([
  ["a file that is read", tool("files", "Read", "--read", "/w/.env"), "deny", ["scope/never"]],
  ["through a link", tool("files", "Read", "--read", "/w/link"), "allow", []],
  ["another file", tool("files", "Read", "--read", "a.txt"), "allow", []],
  ["a file outside", tool("files", "Read", "--read", "/home/me/n.txt"), "ask", ["scope/outside"]],
  ["a search of all", tool("files", "Grep", "--search", "."), "deny", ["scope/never"]],
  ["a search elsewhere", tool("files", "Grep", "--search", "src"), "allow", []],
  ["an edit", tool("files", "Edit", "/w/.env"), "deny", ["scope/never"]],
  [
    "a deleted folder",
    tool("files", "Delete", "--delete", "/w/conf"),
    "deny",
    ["files/lose-work", "scope/never"],
  ],
  [
    "a server's tool",
    tool("service", "mcp__fs__read", "fs", "read", '{"path":"/w/.env"}'),
    "deny",
    ["scope/never"],
  ],
  [
    "a server's tool, elsewhere",
    tool("service", "mcp__fs__read", "fs", "read", '{"path":"/w/a.txt"}'),
    "allow",
    [],
  ],
])("agents' tools: %s", async (_what, request, verdict, rules) => {
  const world = worldOf(["/w/.env", "/w/conf/.env", "/w/a.txt", "/w/src/b.ts", "/home/me/n.txt"]);
  const found = await judged(request, { never: ["/w/**/.env"], read: ["/w/**"] }, world);
  expect([found.verdict, ...found.rules]).toEqual([verdict, ...rules]);
});

test("without a manifest that speaks of files nothing is looked at", async () => {
  const world = worldOf(["/w/.env"]);
  const { effects } = await judged(line("cat .env; grep -r x ."), {}, world);
  expect(effects).toEqual([]);
});

test("a folder too large to look through is asked about, not denied", async () => {
  const small = worldOf(["/w/data/0", "/w/src/a"]);
  const names = Array.from({ length: 21_000 }, (_, at) => String(at));
  const world: World = {
    ...small,
    readdir: (path, cap) =>
      path === "/w/data"
        ? { ok: true, names: names.slice(0, cap), complete: names.length <= cap }
        : small.readdir(path, cap),
  };
  const scope = { never: ["/w/**/.env"] };
  const searched = await judged(line("grep -r x ."), scope, world);
  expect([searched.verdict, ...searched.rules]).toEqual(["ask", "scope/outside"]);
  expect(searched.matches[0]?.because).toBe(
    "holdpoint.yaml: /w is too large to tell whether it holds what files.never names",
  );
  const deleted = await judged(line("rm -rf data"), scope, world);
  expect(deleted.rules).toContain("scope/outside");
  // A glob without a wildcard in front needs no search.
  const plain = await judged(line("grep -r x ."), { never: ["/w/infra/**", "/w/.env"] }, world);
  expect(plain.effects).toEqual([]);
});

test("of many files that go at once, one that is never touched is enough", async () => {
  const world = worldOf(["/w/keep.txt", ...Array.from({ length: 300 }, (_, at) => `/w/logs/${at}.log`)]);
  const { rules } = await judged(
    line("find logs -name '*.log' -not -name 7.log -delete"),
    { never: ["/w/logs/150.log"] },
    world,
  );
  expect(rules).toContain("scope/never");
});

test("what an installed package ships is not the workspace's", async () => {
  const world = worldOf(["/w/node_modules/p/.env", "/w/package.json"]);
  const scope = { never: ["/w/**/.env"] };
  expect((await judged(line("rm -rf node_modules"), scope, world)).rules).not.toContain("scope/never");
  expect((await judged(line("grep -r x ."), scope, world)).rules).toEqual([]);
  expect((await judged(line("cat node_modules/p/.env"), scope, world)).rules).toEqual(["scope/never"]);
});

test("what the session has made itself may change and go, outside of what may be written", async () => {
  const world = worldOf(["/w/out/new.txt", "/w/old.txt"]);
  const born = (path: string) => (path.startsWith("/w/out") ? 2000 : 0);
  const late: World = {
    ...world,
    lstat(path) {
      const stat = world.lstat(path);
      return stat.exists ? { ...stat, born: born(path), modified: born(path) } : stat;
    },
  };
  const rulesFor = async (text: string) => (await judged(line(text), { write: ["/w/src/**"] }, late)).rules;
  expect(await rulesFor("echo x > out/new.txt; rm out/new.txt; echo y > out/more.txt; rm -r out")).toEqual(
    [],
  );
  expect(await rulesFor("echo x > old.txt")).toContain("scope/outside");
  expect(await rulesFor("mv old.txt out/")).toContain("scope/outside");
  expect(await rulesFor("mv out/new.txt old.txt")).toContain("scope/outside");
});

test("letters in the other case are the same file where the file system says so", async () => {
  const world = worldOf(["/w/Secret.txt", "/W/Secret.txt"]);
  const same: World = {
    ...world,
    lstat: (path) => world.lstat(path.replace(/^\/W/, "/w").replace(/secret/i, "Secret")),
    realpath: (path) => path.replace(/^\/W/, "/w"),
  };
  const scope = { never: ["/w/secret.txt"] };
  expect((await judged(line("cat /W/SECRET.txt"), scope, same)).rules).toEqual(["scope/never"]);
  expect((await judged(line("cat /w/Secret.txt"), scope, world)).rules).toEqual([]);
});

test.each<[string, readonly string[], string, string]>([
  ["a folder called with parentheses", ["/w/src/(auth)/**"], "/w/src/(auth)/key", "never"],
  ["one called with brackets", ["/w/app/[slug]"], "/w/app/[slug]/key", "never"],
  ["an escaped star", ["/w/a\\*b"], "/w/a*b", "never"],
  ["braces", ["/w/{a,b}/key"], "/w/b/key", "never"],
  ["a slash at the end", ["/w/a/"], "/w/a/key", "never"],
  ["a name that goes on", ["/w/a"], "/w/ab", "inside"],
])("globs: %s", async (_what, never, path, is) => {
  const { effects } = await judged(line(`cat '${path}'`), { never }, worldOf([path]));
  expect(effects.map((effect) => effect.bounds)).toEqual(is === "inside" ? [] : [is]);
});
