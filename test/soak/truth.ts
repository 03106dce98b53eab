import { basename, resolve } from "node:path";
import { createJudge, type Judge } from "../../src/judge.js";
import { type Arg, isKnown } from "../../src/model/arg.js";
import { type Env, envFrom } from "../../src/model/env.js";
import type { JudgedCall, Judgement } from "../../src/model/judgement.js";
import type { World } from "../../src/model/world.js";
import { openWorld } from "../../src/world/world.js";
import { builtin, table } from "../example-judge.js";
import { type Cage, type CageShell, type Ran, real } from "./cage.js";

/** What a real shell did with a text, where that is not what was said of it. */
export interface Finding {
  readonly kind: "let through" | "not foretold" | "threw";
  readonly text: string;
  readonly what: string;
  /** The name of what it is, where that is known and no loss. */
  readonly known?: string | undefined;
  readonly errors: readonly string[];
}

/** Judges texts as if they were typed in the cage's folder, and holds that against what they did there. */
export function holdAgainst(cage: Cage): Checker {
  const env = envFrom([
    ["PATH", "/usr/bin:/bin"],
    ["HOME", cage.home],
    ["LC_ALL", "C.UTF-8"],
  ]);
  const opened = openWorld({
    startedAt: Date.now(),
    workspace: cage.cwd,
    guardPaths: [],
    home: cage.home,
    uid: 1000,
    tmpdir: undefined,
    shimDirectory: undefined,
    shimmed: (name) => table.has(name),
    salt: "s",
    gitProgram: undefined,
  });
  const world: World = {
    ...opened,
    // The cage lies below the folder for temporary files; what it holds is not taken for one.
    session: { ...opened.session, temporary: [] },
    readdir: (path, cap) => opened.readdir(path === "/" ? cage.root : path, cap),
    lstat: (path) => opened.lstat(/^\/[^/]+$/.test(path) ? cage.root + path : path),
  };
  const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
  const stopped = new Map<string, Promise<boolean>>();
  const stops = (argv: readonly string[]) => {
    const key = argv.join("\0");
    const known = stopped.get(key) ?? isStopped(argv, cage, judge, world, env);
    stopped.set(key, known);
    return known;
  };
  // `find sub -exec uniq {} +`: the order is the disk's, so that which file is written is for the shim, which the cage has not.
  const pastShims = async (ran: Ran) => {
    let left = ran.lost;
    for (const argv of left.length === 0 ? [] : ran.started) {
      if (argv[0]?.includes("/") !== false) continue;
      const { verdict, effects } = await judgeCall(argv, cage, judge, world, env);
      if (verdict === "allow") continue;
      const stopped = new Set(effects.map((effect) => effect.target));
      left = left.filter((name) => !stopped.has(`${cage.cwd}/${name}`));
    }
    return left;
  };
  return async (shell, text, ran) => {
    let judgement: Judgement;
    try {
      const name = shell === "dash" ? "sh" : shell;
      const stdin = { kind: "none" } as const;
      judgement = await judge(
        { door: "line", text, shell: name, args: [ran.script], cwd: cage.cwd, env, stdin },
        world,
      );
    } catch (cause) {
      return [{ kind: "threw", text, what: String(cause), errors: [] }];
    }
    const { calls, effects, errors, verdict } = judgement;
    // Of what starts itself without end no more than the first round is foretold.
    const isMarked =
      errors.length > 0 ||
      effects.some(
        (effect) =>
          effect.resource === "opaque" || ("operation" in effect && effect.operation === "fork without end"),
      );
    const found: Finding[] = [];
    const lost = verdict === "allow" ? await pastShims(ran) : [];
    if (lost.length > 0) found.push({ kind: "let through", text, what: `lost ${lost.join(" ")}`, errors });
    for (const argv of ran.started) {
      if (verdict === "allow" && (await stops(argv)))
        found.push({ kind: "let through", text, what: JSON.stringify(argv), errors });
      else if (!isMarked && !calls.some((call) => foretells(call, argv)))
        found.push({
          ...{ kind: "not foretold", text, what: JSON.stringify(argv), errors },
          known: classOf(calls, argv),
        });
    }
    return found;
  };
}

/** What is known not to be foretold, and why it is no loss. */
function classOf(calls: readonly JudgedCall[], argv: readonly string[]): string | undefined {
  // `a && echo > f; bash -c 'ls *'`, `bash -c 'echo > f'; ls *`: the script's own file is among those that a pattern finds.
  const without = argv.filter((word) => !perhapsThere.test(word));
  return without.length < argv.length && calls.some((call) => foretells(call, without))
    ? "a pattern finds a file too many, which the script made on one way or in a shell of its own"
    : undefined;
}

export type Checker = (shell: CageShell, text: string, ran: Ran) => Promise<readonly Finding[]>;

async function isStopped(
  argv: readonly string[],
  ...[cage, judge, world, env]: [Cage, Judge, World, Env]
): Promise<boolean> {
  // What these start is seen by itself, and what they lose is missed.
  if (real.has(basename(argv[0] ?? ""))) return false;
  return (await judgeCall(argv, cage, judge, world, env)).verdict !== "allow";
}

function judgeCall(
  argv: readonly string[],
  ...[cage, judge, world, env]: [Cage, Judge, World, Env]
): Promise<Judgement> {
  const tool = basename(argv[0] ?? "");
  return judge({ door: "exec", tool, argv, cwd: cage.cwd, env, stdin: { kind: "none" } }, world);
}

/** xargs deals its items out over several runs of what was foretold as one; find hands files over in the disk's order, by another name. */
function foretells(call: JudgedCall, argv: readonly string[]): boolean {
  const [program = "", ...words] = argv;
  if (!isKnown(call.tool)) return fits(call.argv, argv);
  if (call.tool !== basename(program)) return false;
  const foretold = call.argv.slice(1);
  if (fits(foretold, words)) return true;
  const from = isKnown(call.cwd) ? call.cwd : "/";
  const isThere = (word: string) => foretold.includes(word);
  if (call.via.includes("find -exec"))
    return words.every((word) => isThere(word) || isThere(resolve(from, word)));
  return call.via.includes("xargs") && words.every(isThere);
}

/**
 * Words that are not known stand for any number of words. The numbers of descriptors are the shell's own. A pattern may be foretold
 * to find more than there is: files that a script writes in the background, or on one way only.
 */
function fits(foretold: readonly Arg[], argv: readonly string[]): boolean {
  const [word, ...rest] = foretold;
  if (word === undefined) return argv.length === 0;
  const [first, ...others] = argv;
  if (isKnown(word)) {
    const isSame = first === word || (descriptor.test(word) && first !== undefined && descriptor.test(first));
    return (isSame && fits(rest, others)) || (perhapsThere.test(word) && fits(rest, argv));
  }
  return fits(rest, argv) || (argv.length > 0 && fits(foretold, others));
}

const descriptor = /^\/dev\/fd\/\d+$/;
/** What scripts write (see truth-scripts.ts). */
const perhapsThere = /^(?:.*\/)?(?:out|s\.sh)$/;
