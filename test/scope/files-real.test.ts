import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Manifest } from "../../src/model/scope.js";
import { builtin, table } from "../example-judge.js";
import { createScratch } from "../world/scratch.js";

// `files.never` on a real file system, with a real git.

const scratch = createScratch();
afterAll(() => scratch.remove());
scratch.write("work/.gitignore", ".env*\n");
scratch.write("work/.dockerignore", "infra\n.env.*\n");
scratch.write("work/.env.production", "TOKEN=x\n");
scratch.write("work/src/a.ts", "a\n");
scratch.write("work/infra/domains/a.tf", "zone\n");
scratch.write("work/infra/net.tf", "net\n");
scratch.git("work", "init", "-q");
scratch.git("work", "add", "-A");
scratch.git("work", "commit", "-qm", "x");
symlinkSync("../infra/domains", join(scratch.root, "work/src/zone"));
const folder = join(scratch.root, "work");
const world = scratch.open("work");
const manifest: Manifest = {
  file: `${folder}/holdpoint.yaml`,
  folder,
  isTrusted: false,
  purpose: undefined,
  environments: [],
  files: {
    read: undefined,
    write: undefined,
    never: [`${folder}/**/.env.production`, `${folder}/infra/domains/**`],
  },
  credentials: undefined,
  backups: [],
};
const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [manifest] }, table);

async function boundsOf(line: string): Promise<string> {
  const env = envFrom([
    ["HOME", scratch.home],
    ["PATH", "/usr/bin:/bin"],
  ]);
  const stdin = { kind: "none" } as const;
  const { effects } = await judge(
    { door: "line", text: line, shell: "bash", args: [], cwd: folder, env, stdin },
    world,
  );
  return effects.map((effect) => effect.bounds).find((one) => one !== undefined) ?? "inside";
}

test.each<[string, string]>([
  ["cat src/zone/a.tf", "never"],
  ["cat src/zone/../net.tf", "inside"],
  ["ln infra/domains/a.tf y", "never"],
  ["git add -A", "inside"],
  ["git add infra", "inside"],
  ["git commit -am x", "inside"],
  ["git grep x", "never"],
  ["git grep x -- src", "inside"],
  ["git grep x -- ':!infra/domains'", "inside"],
  ["git archive HEAD", "never"],
  ["git status", "inside"],
  ["rg x", "never"],
  ["rg x src", "inside"],
  ["rg --hidden --no-ignore -g '!infra' x .", "never"],
  ["rg --hidden -g '!infra' x .", "inside"],
  ["docker build -t x .", "inside"],
  ["docker build -t x infra", "never"],
  ["grep -r x src", "inside"],
  ["cat .env.production", "never"],
])("%s: %s", async (line, expected) => {
  expect(await boundsOf(line)).toBe(expected);
});

test("git takes in what has changed, and what is new", async () => {
  scratch.append("work/infra/domains/a.tf", "more\n");
  expect(await boundsOf("git add -A")).toBe("never");
  expect(await boundsOf("git commit -am x")).toBe("never");
  expect(await boundsOf("git add src")).toBe("inside");
  scratch.git("work", "checkout", "-q", "--", "infra");
  scratch.write("work/infra/domains/new.tf", "new\n");
  expect(await boundsOf("git add .")).toBe("never");
  expect(await boundsOf("git commit -am x")).toBe("inside");
});
