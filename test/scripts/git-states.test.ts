import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Judgement } from "../../src/model/judgement.js";
import { openWorld } from "../../src/world/world.js";
import { builtin, table } from "../example-judge.js";
import { gitProgram } from "../world/scratch.js";
import { type Form, forms } from "./git-forms.js";
import {
  buildBase,
  commit,
  createLab,
  env,
  ignoreTimes,
  type Loss,
  lossBetween,
  put,
  real,
} from "./git-lab.js";

// Every form in every state is judged, then run for real in a copy: the verdict follows what was lost.
const lab = createLab();
afterAll(() => lab.scratch.remove());
buildBase(lab);
lab.save("clean");

/** Runs git where it may fail: a merge that stops. */
function may(...args: readonly string[]): void {
  spawnSync(gitProgram, args, { cwd: lab.work, env: env(lab.scratch) });
}

function conflict(verb: string): void {
  put(lab.work, "a.txt", "mine\n");
  commit(lab, "Mine");
  real(lab, "push", "-q", "origin", "main");
  real(lab, "switch", "-q", "-c", "theirs", "HEAD~1");
  put(lab.work, "a.txt", "theirs\n");
  put(lab.work, "c.txt", "clean part\n");
  commit(lab, "Theirs");
  if (verb === "rebase") may("rebase", "main");
  else {
    real(lab, "switch", "-q", "main");
    may(verb, "theirs");
  }
}

const states: Readonly<Record<string, () => void>> = {
  clean: () => {},
  dirty: () => {
    put(lab.work, "a.txt", "changed\n");
    put(lab.work, "t.txt", "untracked, in the way of topic\n");
    put(lab.work, "new/n.txt", "untracked\n");
    put(lab.work, "x.log", "ignored\n");
  },
  staged: () => {
    put(lab.work, "a.txt", "staged\n");
    put(lab.work, "s.txt", "added\n");
    real(lab, "add", "a.txt", "s.txt");
    put(lab.work, "dir/b.txt", "not staged\n");
  },
  unpushed: () => {
    put(lab.work, "u.txt", "unpushed\n");
    commit(lab, "Unpushed");
  },
  pushed: () => {
    put(lab.work, "u.txt", "pushed\n");
    commit(lab, "Pushed");
    real(lab, "push", "-q", "origin", "main");
  },
  diverged: () => {
    put(lab.work, "r.txt", "remote\n");
    commit(lab, "Remote");
    real(lab, "push", "-q", "origin", "main");
    real(lab, "reset", "-q", "--hard", "HEAD~1");
    put(lab.work, "u.txt", "local\n");
    commit(lab, "Local");
    real(lab, "branch", "-f", "shared", "main");
  },
  detached: () => {
    real(lab, "switch", "-q", "--detach");
    put(lab.work, "d.txt", "detached\n");
    commit(lab, "Detached");
  },
  worktree: () => {
    real(lab, "worktree", "add", "-q", "../linked", "-b", "linked");
    put(join(lab.work, "../linked"), "a.txt", "changed in the linked one\n");
    put(join(lab.work, "../linked"), "w.txt", "untracked in the linked one\n");
  },
  submodule: () => {
    const inside = join(dirname(lab.work), "sub.git");
    mkdirSync(inside);
    const inSub = (...args: readonly string[]) =>
      spawnSync(gitProgram, args, { cwd: inside, env: env(lab.scratch) });
    inSub("init", "-q", "--template=", "-b", "main");
    put(inside, "s.txt", "of the submodule\n");
    inSub("add", ".");
    inSub("commit", "-qm", "Sub");
    real(lab, "submodule", "--quiet", "add", "../sub.git", "sub");
    commit(lab, "Add sub");
    real(lab, "push", "-q", "origin", "main");
    put(join(lab.work, "sub"), "s.txt", "changed in the submodule\n");
  },
  shallow: () => {
    const url = `file://${join(dirname(lab.work), "remote.git")}`;
    lab.scratch.clear("live/work");
    real(lab, "clone", "-q", "--depth=2", "--no-single-branch", "--template=", url, ".");
    ignoreTimes(lab);
    put(lab.work, "u.txt", "unpushed\n");
    commit(lab, "Unpushed");
    put(lab.work, "a.txt", "changed\n");
  },
  merging: () => conflict("merge"),
  "merging, resolved": () => {
    conflict("merge");
    put(lab.work, "a.txt", "resolved\n");
    real(lab, "add", "a.txt");
  },
  rebasing: () => conflict("rebase"),
  "rebasing, resolved": () => {
    conflict("rebase");
    put(lab.work, "a.txt", "resolved\n");
  },
  picking: () => conflict("cherry-pick"),
  "picking, resolved": () => {
    conflict("cherry-pick");
    put(lab.work, "a.txt", "resolved\n");
    real(lab, "add", "a.txt");
  },
  stashed: () => {
    put(lab.work, "a.txt", "first stash\n");
    real(lab, "stash", "-q");
    put(lab.work, "a.txt", "second stash\n");
    put(lab.work, "k.txt", "untracked stash\n");
    real(lab, "stash", "-q", "-u");
  },
  "stash applied": () => {
    put(lab.work, "dir/b.txt", "an older stash\n");
    real(lab, "stash", "-q");
    put(lab.work, "a.txt", "a stash\n");
    real(lab, "stash", "-q");
    real(lab, "stash", "apply", "-q");
  },
  orphan: () => real(lab, "checkout", "-q", "--orphan", "fresh"),
  dropped: () => {
    put(lab.work, "a.txt", "dropped\n");
    real(lab, "stash", "-q");
    real(lab, "stash", "drop", "-q");
    real(lab, "checkout", "-q", "topic");
    real(lab, "reset", "-q", "--hard", "HEAD~1");
    real(lab, "checkout", "-q", "main");
  },
};

type Group = keyof typeof forms;

/** What can differ in each state. The whole product, some minutes of it, is run with HOLDPOINT_EVERY_FORM=1. */
const chosen: Readonly<Record<string, readonly Group[]>> = {
  clean: ["move", "switch", "tree", "refs", "quiet"],
  dirty: ["move", "switch", "tree", "clean"],
  staged: ["tree", "switch"],
  unpushed: ["move", "push"],
  pushed: ["move"],
  diverged: ["move", "push", "fetch"],
  detached: ["move", "switch"],
  worktree: ["linked", "refs"],
  submodule: ["linked", "tree"],
  shallow: ["move", "tree"],
  merging: ["stopped", "tree"],
  "merging, resolved": ["stopped", "tree"],
  rebasing: ["stopped"],
  "rebasing, resolved": ["stopped", "tree"],
  picking: ["stopped"],
  "picking, resolved": ["stopped"],
  stashed: ["stash", "refs"],
  "stash applied": ["stash"],
  orphan: ["tree"],
  dropped: ["refs"],
};

const judge = createJudge({ rules: builtin.rules, labels: [] }, table);

describe.each(Object.keys(states))("%s", (state) => {
  test("the verdict follows what is lost", { timeout: 240_000 }, async () => {
    lab.load("clean");
    states[state]?.();
    lab.save(state === "clean" ? "state clean" : state);
    const template = state === "clean" ? "state clean" : state;
    const before = lab.look();
    const wrong: string[] = [];
    for (const form of formsOf(state)) {
      const judgement = await judgeForm(form);
      lab.run(form.line.split(" "), form.input ?? "");
      const after = lab.look();
      const loss = lossBetween(before, after);
      wrong.push(...compare(form, judgement, form.rewrites === true ? { ...loss, commits: [] } : loss));
      if (!isDeepStrictEqual(before, after)) lab.load(template);
    }
    expect(wrong).toEqual([]);
  });
});

// What only the reflog or a search for loose objects finds. `dropped` has a stash and a commit that are gone otherwise.
test.each([
  ["clean", "reflog expire --expire=now --all", "allow"],
  ["dropped", "reflog expire --expire=now --all", "ask"],
  ["dropped", "reflog expire --expire=now --all --dry-run", "allow"],
  ["dropped", "reflog delete HEAD@{0}", "allow"],
  ["dropped", "reflog delete HEAD@{1}", "allow"],
  ["dropped", "reflog delete HEAD@{2}", "ask"],
  ["clean", "gc --prune=now", "allow"],
  ["dropped", "gc --prune=now", "ask"],
  ["dropped", "-c gc.reflogExpireUnreachable=now gc", "ask"],
  ["dropped", "gc --aggressive", "allow"],
  ["clean", "prune", "allow"],
  ["dropped", "prune", "ask"],
  ["dropped", "prune --expire=1.month.ago", "allow"],
  ["dropped", "repack -a -d", "ask"],
  ["dropped", "repack -A -d", "allow"],
  ["clean", "filter-branch HEAD", "ask"],
])("the way back, %s: git %s: %s", async (state, line, verdict) => {
  lab.load("clean");
  states[state]?.();
  expect((await judgeForm({ line })).verdict).toBe(verdict);
});

// A session that began before all of it: its own commits, and branches that it fetched or pushed, are its own affair.
test.each([
  ["unpushed", "reset -q --hard HEAD~1", "allow"],
  ["unpushed", "reset --hard origin/main", "allow"],
  ["unpushed", "branch -D topic", "allow"],
  ["unpushed", "tag -d lone", "allow"],
  ["detached", "checkout main", "allow"],
  ["unpushed", "push -f origin merged:shared", "allow"],
  ["unpushed", "push -f", "ask"],
  ["diverged", "push --force-with-lease", "ask"],
  ["dirty", "clean -fd", "allow"],
  ["stashed", "stash drop", "ask"],
])("made in the session, %s: git %s: %s", async (state, line, verdict) => {
  lab.load("clean");
  states[state]?.();
  expect((await judgeForm({ line }, 1)).verdict).toBe(verdict);
});

function formsOf(state: string): readonly Form[] {
  const isWhole = process.env["HOLDPOINT_EVERY_FORM"] === "1";
  const all = Object.values(forms).filter(
    (group) => group !== forms.switch || !/^(merg|rebas|pick)ing/.test(state),
  );
  const groups = isWhole ? all : (chosen[state] ?? []).map((group) => forms[group]);
  return groups.flat().map((form) => (typeof form === "string" ? { line: form } : form));
}

const worldOptions = {
  workspace: lab.work,
  guardPaths: [],
  home: lab.scratch.home,
  uid: process.getuid?.() ?? 0,
  tmpdir: undefined,
  shimDirectory: undefined,
  shimmed: () => true,
  salt: "",
  gitProgram,
};

/** Nothing that is there was made in a session that begins later. */
async function judgeForm({ line, input }: Form, startedAt = Date.now() + 60_000): Promise<Judgement> {
  const world = openWorld({ ...worldOptions, startedAt });
  return judge(
    {
      door: "exec",
      tool: "git",
      argv: ["git", ...line.split(" ")],
      cwd: lab.work,
      env: envFrom(Object.entries(env(lab.scratch))),
      stdin: input === undefined ? { kind: "none" } : { kind: "text", text: input, from: "pipe" },
    },
    world,
  );
}

/** The question, and what its card says: the files and commits, three of each. */
function compare(
  { line, always }: Form,
  { verdict, effects, matches }: Judgement,
  { files, commits }: Loss,
): readonly string[] {
  const isLost = files.length + commits.length > 0;
  const asked = matches.map(({ effect }) => effects[effect]);
  const said = asked.map((effect) => `${effect?.target} ${effect?.because}`).join("; ");
  if ((verdict !== "allow") !== isLost && !(always === true && verdict === "ask"))
    return [
      `git ${line}: ${verdict}, lost ${[...files, ...commits].join(" ")} | ${effects.map((effect) => `${effect.recovery} ${effect.because}`).join("; ")}`,
    ];
  const named = files.filter(
    (path) =>
      said.includes(path.replace(/^\w+\//, "")) ||
      said.includes(path.replace(/^work\/sub\//, "")) ||
      said.includes(`/${dirname(path)}`),
  );
  const unnamed = named.length < Math.min(files.length, 3) ? files : [];
  const ids = commits.filter((id) => said.includes(id.slice(0, 7)));
  const missing = ids.length < Math.min(commits.length, 3) ? commits : [];
  return always === true || unnamed.length + missing.length === 0
    ? []
    : [`git ${line} does not name ${[...unnamed, ...missing].join(" ")}: ${said}`];
}
