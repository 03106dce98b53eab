import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createJudge } from "../judge.js";
import { isBelowSession } from "../launcher/outer.js";
import { jsonText } from "../model/json-text.js";
import type { Judgement } from "../model/judgement.js";
import type { Previews } from "../model/preview.js";
import type { World } from "../model/world.js";
import { answerBatch } from "./batch.js";
import { openLane } from "./batch-lane.js";
import { openThread } from "./batch-threads.js";
import { explainForPeople } from "./explanation.js";
import { openJudgeWorld } from "./judge-world.js";
import { judgementJson } from "./judgement-json.js";
import type { Loaded } from "./knowledge.js";
import { lineRequest } from "./line-request.js";
import type { Places } from "./places.js";
import { loadScoped } from "./scoped.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** What `holdpoint explain` was given; the line itself comes apart. */
export interface ExplainFlags {
  readonly json?: true;
  readonly batch?: true;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly why?: string;
  readonly plan?: string;
  readonly all?: true;
  readonly preview?: true;
  readonly config?: string;
  readonly scope?: string;
}

/** `holdpoint explain`: wiring of its forms. */
export async function explainCommand(
  line: string | undefined,
  flags: ExplainFlags,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const given = [line, flags.batch, flags.why, flags.plan].filter((one) => one !== undefined);
  if (flags.preview === true && line === undefined)
    throw new UsageError(["--preview goes with one line: holdpoint explain --preview 'rm -rf build'"]);
  if (given.length !== 1)
    throw new UsageError([
      `give one line, quoted as one word: holdpoint explain 'rm -rf build'; or --plan FILE; or --why RULE; or --batch, and lines on stdin`,
    ]);
  const cwd = resolve(flags.cwd ?? process.cwd());
  // Like --config, from where the words were typed; --cwd says where the line would run.
  const scope = flags.scope === undefined ? undefined : resolve(flags.scope);
  const loaded = await loadScoped(places, flags.config, { cwd, env: process.env, named: scope });
  if (flags.why !== undefined) {
    const { explainRule } = await import("./explanation-rule.js");
    return explainRule(flags.why, flags.json === true, loaded, places, terminal);
  }
  const world = openJudgeWorld(loaded, places, cwd);
  if (flags.plan !== undefined) {
    const { explainPlan } = await import("./plan.js");
    const stdin = flags.stdin === undefined ? undefined : readInput(flags.stdin);
    const shown = { json: flags.json === true, all: flags.all === true };
    const judge = createJudge(loaded.policy, loaded.table);
    const options = { ...shown, given: flags.plan, cwd, stdin, env: process.env };
    return statusOf[await explainPlan(options, judge, world, terminal)];
  }
  if (line !== undefined) {
    const options = {
      line,
      json: flags.json === true,
      cwd,
      stdin: flags.stdin,
      preview: flags.preview === true,
      env: process.env,
    };
    return explain(options, loaded, world, terminal);
  }
  const write = (text: string): Promise<void> =>
    new Promise((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())));
  optimizeLate();
  await answerBatch({
    input: process.stdin,
    write,
    here: openLane(loaded, world, { cwd, env: process.env }),
    openLane: () => openThread(places, { cwd, config: flags.config, scope }),
    moreLanes: Math.min(availableParallelism(), maxThreads) - 1,
  });
  return 0;
}

/**
 * V8 optimizes a function after some hundred runs, beside the work; in a few seconds it never gets back what that takes from
 * the processors: a third of a batch's time was seen to go there. The number is read each time a budget is filled up again.
 */
function optimizeLate(): void {
  setFlagsFromString("--interrupt-budget=800000");
}

/** More of them wait for memory rather than for processors. */
const maxThreads = 4;

export interface ExplainOptions {
  readonly line: string;
  readonly json: boolean;
  readonly cwd: string;
  readonly stdin: string | undefined;
  /** Looks up, read-only, what it would lose: the only thing that this command starts programs for. */
  readonly preview?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** 0 allow, 3 ask, 4 deny. */
const statusOf = { allow: 0, ask: 3, deny: 4 } as const;

/** Judges one line without running anything. */
export async function explain(
  options: ExplainOptions,
  loaded: Loaded,
  world: World,
  terminal: Terminal,
): Promise<number> {
  const judge = createJudge(loaded.policy, loaded.table);
  const stdin = options.stdin === undefined ? undefined : readInput(options.stdin);
  const judgement = await judge(lineRequest({ ...options, stdin }), world);
  const previews = options.preview === true ? await lookUp(judgement, world, loaded, options.env) : undefined;
  if (options.json) {
    const found = previews === undefined ? {} : { previews: previews.found };
    terminal.print(jsonText({ ...judgementJson(judgement, options.line, undefined), ...found }, 1));
  } else
    for (const line of explainForPeople(judgement, options.line, terminal, previews)) terminal.print(line);
  return statusOf[judgement.verdict];
}

async function lookUp(
  judgement: Judgement,
  world: World,
  { policy: { labels, manifests } }: Loaded,
  env: ExplainOptions["env"],
): Promise<Previews | undefined> {
  const [{ openPreviews }, { previewers: all }] = await Promise.all([
    import("../preview/gather.js"),
    import("../preview/table.js"),
  ]);
  // Variables, PATH and settings are an agent's own there: nothing is started for it, and nobody asked.
  const previewers = (await isBelowSession(process.env))
    ? all.filter(({ programs }) => programs.length === 0)
    : all;
  const findReal = (name: string) => world.findProgram(name, env["PATH"] ?? "");
  const evidence = openPreviews({ world, findReal, previewers, labels, manifests, env }).look(
    judgement,
    () => {},
  );
  await evidence?.done;
  return evidence?.now();
}

function readInput(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UsageError([
      `--stdin: cannot read "${path}" (${error instanceof Error ? error.message : String(error)})`,
    ]);
  }
}
