import { setTimeout as pause } from "node:timers/promises";
import { isKnown } from "../model/arg.js";
import type { Judgement } from "../model/judgement.js";
import type { Preview, PreviewPort } from "../model/preview.js";
import type { World } from "../model/world.js";
import { openRun } from "./child.js";
import { type KnownPrograms, rememberPrograms } from "./known-programs.js";
import { openLanes } from "./lanes.js";
import { type Job, knownVariables, planJobs } from "./plan.js";
import { type Finding, failed, type Previewer } from "./previewer.js";
import { openRecipients, type RecipientOptions, type Recipients } from "./recipients.js";

export interface PreviewOptions extends RecipientOptions {
  /** The program that a name stood for when the session started. */
  readonly findReal: (name: string) => string | undefined;
  readonly previewers: readonly Previewer[];
  /** Milliseconds for each call that is looked into, whatever its previewer says. */
  readonly patience?: number;
}

export interface Previewing extends PreviewPort {
  /** What was let run. */
  note(judgement: Judgement): void;
}

/** Opened before the agent starts: the programs of this moment are the ones that are started. */
export function openPreviews({ findReal, previewers, patience, ...options }: PreviewOptions): Previewing {
  const { world } = options;
  const recipients = openRecipients(options);
  const names = new Set(previewers.flatMap(({ programs }) => programs));
  const tools = { world, patience, recipients, programs: rememberPrograms(names, findReal, world) };
  const inLane = openLanes(atOnce);
  return {
    note: recipients.note,
    look(judgement, onNews) {
      const { jobs, left } = planJobs(judgement, previewers);
      if (jobs.length === 0) return undefined;
      const over = new AbortController();
      const open = new Set(jobs);
      const found: Preview[] = [...left];
      const close = (job: Job, previews: readonly Preview[]) => {
        if (open.delete(job)) found.push(...previews);
      };
      const work = jobs.map((job) =>
        inLane(async () => {
          if (over.signal.aborted) return;
          close(job, await gather(job, tools, over.signal));
          if (!over.signal.aborted) onNews();
        }),
      );
      return {
        now: () => ({ found: found.toSorted((a, b) => a.effect - b.effect), isLooking: open.size > 0 }),
        done: Promise.allSettled(work).then(() => {}),
        stop: () => {
          over.abort();
          for (const job of open) close(job, failures(job, "the answer came before it was found out", 0));
        },
      };
    },
  };
}

const atOnce = 3;
const usualPatience = 2000;

interface Tools {
  readonly world: World;
  readonly patience: number | undefined;
  readonly programs: KnownPrograms;
  readonly recipients: Recipients;
}

/** Never rejects: whatever goes wrong is a failed preview. */
async function gather(
  job: Job,
  { world, patience: fixed, programs, recipients }: Tools,
  over: AbortSignal,
): Promise<readonly Preview[]> {
  const { previewer, call, effects } = job;
  const started = performance.now();
  const tookMs = () => Math.round(performance.now() - started);
  const patience = fixed ?? previewer.patience ?? usualPatience;
  const signal = AbortSignal.any([AbortSignal.timeout(patience), over]);
  const env = knownVariables(call.env);
  const run = openRun({ programs, env, cwd: isKnown(call.cwd) ? call.cwd : "/", signal });
  const work = async (): Promise<readonly Finding[]> => {
    const look = await previewer.load();
    return look({ effects, call, env, world, signal, deadline: Date.now() + patience, run, recipients });
  };
  const reason = (cause: unknown) =>
    signal.aborted
      ? `no answer within ${patience / 1000} s`
      : cause instanceof Error
        ? cause.message
        : String(cause);
  try {
    const findings = await Promise.race([work(), moments(signal)]);
    const silent = effects.filter(({ at }) => !findings.some(({ effect }) => effect === at));
    return [
      ...findings.map((finding) => ({ ...finding, kind: previewer.kind, tookMs: tookMs() })),
      ...failures({ ...job, effects: silent }, reason("nothing was found out"), tookMs()),
    ];
  } catch (cause) {
    return failures(job, reason(cause), tookMs());
  }
}

/** Once the time is over, what was found by then has this long to come. */
async function moments(signal: AbortSignal): Promise<readonly Finding[]> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await pause(200, undefined, { ref: false });
  return [];
}

function failures({ previewer, effects }: Job, reason: string, tookMs: number): readonly Preview[] {
  return effects.map(({ at }) => ({ ...failed(at, reason), kind: previewer.kind, tookMs }));
}
