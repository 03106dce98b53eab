import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { createJudge, type Judge } from "../judge.js";
import type { Stdin } from "../model/call.js";
import { envFrom } from "../model/env.js";
import type { Judgement, Request } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { rememberBriefly } from "../world/brief-memory.js";
import { explainForPeople } from "./explanation.js";
import { openJudgeWorld } from "./judge-world.js";
import { judgementJson } from "./judgement-json.js";
import { type Loaded, loadKnowledge, UsageError } from "./knowledge.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

export interface ExplainFlags {
  readonly json?: true;
  readonly batch?: true;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly config?: string;
}

/** `holdpoint explain`: wiring of both forms. */
export async function explainCommand(
  line: string | undefined,
  flags: ExplainFlags,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  if ((line === undefined) !== (flags.batch === true))
    throw new UsageError([
      `give a line, quoted as one word: holdpoint explain 'rm -rf build'; or --batch, and lines on stdin`,
    ]);
  const loaded = await loadKnowledge(places, flags.config);
  const cwd = resolve(flags.cwd ?? process.cwd());
  const world = openJudgeWorld(loaded, places, cwd);
  if (line !== undefined) {
    const options = { line, json: flags.json === true, cwd, stdin: flags.stdin, env: process.env };
    const status = await explain(options, loaded, world, terminal);
    // A pipe takes 64 KiB at a time; the program ends when all of it was taken.
    await new Promise((done) => process.stdout.write("", done));
    return status;
  }
  const write = (text: string): Promise<void> =>
    new Promise((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())));
  return explainBatch({ cwd, env: process.env, input: process.stdin, write }, loaded, world);
}

export interface ExplainOptions {
  readonly line: string;
  readonly json: boolean;
  readonly cwd: string;
  readonly stdin: string | undefined;
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
  if (options.json)
    terminal.print(JSON.stringify(judgementJson(judgement, options.line, undefined), undefined, 1));
  else for (const line of explainForPeople(judgement, options.line, terminal)) terminal.print(line);
  return statusOf[judgement.verdict];
}

const batchLine = v.object({
  line: v.string(),
  id: v.optional(v.union([v.string(), v.number()])),
  cwd: v.optional(v.string()),
  env: v.optional(v.record(v.string(), v.string())),
  stdin: v.optional(v.string()),
});

export interface BatchOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: NodeJS.ReadableStream;
  readonly write: (text: string) => Promise<void>;
}

/** JSON lines in, JSON lines out, same order. A line that is no request gets `{"error"}` in its place. */
export async function explainBatch(options: BatchOptions, loaded: Loaded, world: World): Promise<number> {
  const judge = createJudge(loaded.policy, loaded.table);
  // A batch is about what one moment looks like, not about thousands of looks at the same folders.
  const brief = rememberBriefly(world, Date.now, memoryMilliseconds);
  let out = "";
  for await (const text of createInterface({ input: options.input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (text.trim() === "") continue;
    out += `${JSON.stringify(await answer(text, options, judge, brief))}\n`;
    if (out.length < 65_536) continue;
    await options.write(out);
    out = "";
  }
  await options.write(out);
  return 0;
}

const memoryMilliseconds = 1000;

async function answer(
  text: string,
  options: BatchOptions,
  judge: Judge,
  world: World,
): Promise<Record<string, unknown>> {
  const parsed = parseBatchLine(text);
  if ("error" in parsed) return parsed;
  const { line, id, cwd, env, stdin } = parsed;
  const judgement: Judgement = await judge(
    lineRequest({ line, cwd: cwd ?? options.cwd, env: env ?? options.env, stdin }),
    world,
  );
  return judgementJson(judgement, line, id === undefined ? undefined : String(id));
}

function parseBatchLine(text: string): v.InferOutput<typeof batchLine> | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: "not JSON" };
  }
  const checked = v.safeParse(batchLine, value);
  return checked.success
    ? checked.output
    : { error: v.flatten(checked.issues).root?.[0] ?? checked.issues[0].message };
}

interface LineInput {
  readonly line: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: string | undefined;
}

/** One Env per environment object: a batch of ten thousand lines shares the process's. */
const envs = new WeakMap<object, Request["env"]>();

function lineRequest({ line, cwd, env, stdin }: LineInput): Request {
  let shared = envs.get(env);
  if (shared === undefined) {
    shared = envFrom(Object.entries(env).filter(([, value]) => value !== undefined));
    envs.set(env, shared);
  }
  const input: Stdin =
    stdin === undefined ? { kind: "terminal" } : { kind: "text", text: stdin, from: "file" };
  return { door: "line", text: line, shell: "bash", args: [], cwd, env: shared, stdin: input };
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
