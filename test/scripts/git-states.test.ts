import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Judgement } from "../../src/model/judgement.js";
import { openWorld } from "../../src/world/world.js";
import { builtin, table } from "../example-judge.js";
import { gitProgram } from "../world/scratch.js";
import { type Form, forms } from "./git-forms.js";
import { buildBase, commit, createLab, env, type Loss, lossBetween, put, real } from "./git-lab.js";
import { may, statesOf } from "./git-situations.js";

// Every form in every state is judged, then run for real in a copy: the verdict follows what was lost.
const lab = createLab();
afterAll(() => lab.scratch.remove());
buildBase(lab);
lab.save("clean");

const states = statesOf(lab);

type Group = keyof typeof forms;

/** What can differ in each state. The whole product, some minutes of it, is run with HOLDPOINT_EVERY_FORM=1. */
const chosen: Readonly<Record<string, readonly Group[]>> = {
  clean: ["move", "switch", "tree", "refs", "quiet"],
  dirty: ["move", "switch", "tree", "clean"],
  staged: ["tree", "switch"],
  "staged only": ["tree", "switch", "stash"],
  unpushed: ["move", "push"],
  pushed: ["move"],
  diverged: ["move", "push", "fetch"],
  detached: ["move", "switch"],
  worktree: ["linked", "refs"],
  "worktree, detached": ["linked"],
  "worktree, gone": ["linked"],
  submodule: ["linked", "tree"],
  "submodule, committed": ["linked"],
  "submodule, recursing": ["linked", "switch", "move"],
  ignored: ["incoming", "clean"],
  mirrored: ["fetch"],
  bisecting: ["stopped", "move"],
  shallow: ["move", "tree"],
  merging: ["stopped", "tree"],
  "merging, resolved": ["stopped", "tree"],
  rebasing: ["stopped"],
  "rebasing, resolved": ["stopped", "tree"],
  "rebasing, committed": ["stopped"],
  picking: ["stopped"],
  "picking, resolved": ["stopped"],
  stashed: ["stash", "refs"],
  "stash applied": ["stash"],
  "stashed, staged only": ["stash"],
  orphan: ["tree"],
  dropped: ["refs"],
};

const execPath = spawnSync(gitProgram, ["--exec-path"], { encoding: "utf8" }).stdout.trim();

const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);

describe.each(Object.keys(states))("%s", (state) => {
  test("the verdict follows what is lost", { timeout: 240_000 }, async () => {
    lab.load("clean");
    states[state]?.();
    lab.save(state === "clean" ? "state clean" : state);
    const template = state === "clean" ? "state clean" : state;
    const before = lab.look();
    let found = lab.print();
    const wrong: string[] = [];
    for (const form of formsOf(state)) {
      const judgement = await judgeForm(form);
      lab.run(form.line.split(" "), form.input ?? "");
      const left = lab.print();
      const after = left === found ? before : lab.look();
      const loss = lossBetween(before, after);
      wrong.push(...compare(form, judgement, form.rewrites === true ? { ...loss, commits: [] } : loss));
      if (isDeepStrictEqual(before, after)) found = left;
      else {
        lab.load(template);
        found = lab.print();
      }
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
  ["staged only", "reset", "allow"],
  ["staged only", "restore --staged .", "allow"],
  ["stashed, staged only", "stash pop", "allow"],
  ["submodule, committed", "submodule update", "allow"],
  ["worktree, detached", "worktree remove ../linked", "allow"],
  ["ignored", "merge logs", "allow"],
  ["bisecting", "bisect reset", "allow"],
])("made in the session, %s: git %s: %s", async (state, line, verdict) => {
  lab.load("clean");
  states[state]?.();
  expect((await judgeForm({ line }, 1)).verdict).toBe(verdict);
});

// Settings and variables that turn a command into another one, or only look as if they did.
test.each<
  [state: string, set: string, variables: Readonly<Record<string, string>>, line: string, verdict: string]
>([
  ["diverged", "push.default upstream", {}, "push -f", "ask"],
  ["detached", "push.default matching", {}, "push -f", "ask"],
  ["diverged", "remote.origin.push +refs/heads/*:refs/heads/*", {}, "push", "ask"],
  ["clean", "remote.origin.mirror true", {}, "push", "ask"],
  ["dropped", "gc.pruneExpire now", {}, "gc", "ask"],
  ["dropped", "gc.pruneExpire 1.month.ago", {}, "gc", "allow"],
  ["dropped", "gc.reflogExpireUnreachable now", {}, "gc", "ask"],
  ["dirty", "clean.requireForce false", {}, "clean -d", "ask"],
  ["dirty", "alias.nuke reset --hard", {}, "nuke", "ask"],
  ["clean", "alias.nuke reset --hard", {}, "nuke", "allow"],
  ["dirty", "alias.nuke !git reset --hard", {}, "nuke", "ask"],
  ["clean", "alias.nuke !git reset --hard", {}, "nuke", "allow"],
  ["dirty", "alias.nuke !cd dir && git checkout .", {}, "nuke", "allow"],
  ["dirty", "each.repo .", {}, "for-each-repo --config=each.repo reset --hard", "ask"],
  ["clean", "each.repo .", {}, "for-each-repo --config=each.repo reset --hard", "allow"],
  ["dirty", "each.repo .", {}, "for-each-repo --config=each.repo maintenance run", "allow"],
  // As git sets them for its hooks, its aliases and `rebase -x`.
  ["clean", "user.name dev", { GIT_EXEC_PATH: execPath }, "status", "allow"],
  ["clean", "user.name dev", { GIT_EXEC_PATH: "/srv/git-core" }, "status", "ask"],
  ["clean", "user.name dev", { GIT_INDEX_FILE: ".git/index", GIT_PREFIX: "" }, "reset --hard", "allow"],
  ["dirty", "user.name dev", { GIT_INDEX_FILE: ".git/index", GIT_PREFIX: "" }, "reset --hard", "ask"],
  ["clean", "user.name dev", { GIT_INDEX_FILE: "/srv/index" }, "reset --hard", "ask"],
  ["clean", "user.name dev", { GIT_DIR: ".git", GIT_WORK_TREE: "." }, "checkout -f", "allow"],
  ["dirty", "user.name dev", { GIT_DIR: ".git", GIT_WORK_TREE: "." }, "checkout -f", "ask"],
  ["clean", "user.name dev", { GIT_WORK_TREE: "/srv/site" }, "checkout -f", "ask"],
  ["clean", "user.name dev", {}, "-c core.worktree=/srv/site checkout -f", "ask"],
  ["staged only", "user.name dev", {}, "stash push", "allow"],
])("%s, %s, %o: git %s: %s", async (state, set, variables, line, verdict) => {
  lab.load("clean");
  states[state]?.();
  const [key = "", ...value] = set.split(" ");
  real(lab, "config", key, value.join(" "));
  expect((await judgeForm({ line }, undefined, variables)).verdict).toBe(verdict);
});

test("rebase --abort gives up copies, not what was committed by hand", async () => {
  lab.load("clean");
  put(lab.work, "a.txt", "mine\n");
  commit(lab, "Mine");
  real(lab, "switch", "-q", "-c", "theirs", "HEAD~1");
  put(lab.work, "c.txt", "clean part\n");
  commit(lab, "Copied");
  put(lab.work, "a.txt", "theirs\n");
  commit(lab, "Stops");
  may(lab, "rebase", "main");
  expect((await judgeForm({ line: "rebase --abort" })).verdict).toBe("allow");
  put(lab.work, "a.txt", "resolved\n");
  commit(lab, "Resolved");
  expect((await judgeForm({ line: "rebase --abort" })).verdict).toBe("ask");
  expect((await judgeForm({ line: "rebase --abort" }, 1)).verdict).toBe("allow");
});

function formsOf(state: string): readonly Form[] {
  const isWhole = process.env["HOLDPOINT_EVERY_FORM"] === "1";
  const all = Object.values(forms);
  const groups = isWhole ? all : (chosen[state] ?? []).map((group) => forms[group]);
  return (
    groups
      .flat()
      .map((form): Form => (typeof form === "string" ? { line: form } : form))
      // Fetches into branches and rewrites another: the lab cannot tell which of it lost the commits.
      .filter(({ line }) => state !== "mirrored" || !line.startsWith("pull"))
      // A copy of the file lies in the other work tree.
      .filter(({ line }) => !state.startsWith("worktree,") || !line.startsWith("clean"))
      // Refused while something is under way, even by force.
      .filter(({ line }) => !/^(merg|rebas|pick)ing/.test(state) || !/^(switch|checkout -B)/.test(line))
  );
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
async function judgeForm(
  { line, input }: Form,
  startedAt = Date.now() + 60_000,
  variables: Readonly<Record<string, string>> = {},
): Promise<Judgement> {
  const world = openWorld({ ...worldOptions, startedAt });
  return judge(
    {
      door: "exec",
      tool: "git",
      argv: ["git", ...line.split(" ")],
      cwd: lab.work,
      env: envFrom(Object.entries({ ...env(lab.scratch), ...variables })),
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
