import { StringDecoder } from "node:string_decoder";
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Answers requests, each with one JSON text, in their order: on this thread or on another. One that is given several lists gets
 * through with them one after the other.
 */
export interface Lane {
  /** What the same moment is known to look like need not be looked at again. */
  answer(requests: readonly string[], isNewMoment: boolean): Promise<readonly string[]>;
  close(): Promise<unknown>;
}

export interface BatchOptions {
  readonly input: AsyncIterable<string | Uint8Array>;
  readonly write: (text: string) => Promise<void>;
  /** This thread's lane. */
  readonly here: Lane;
  /** Starts one more, on a thread of its own; called when there is work for it, at most `moreLanes` times. */
  readonly openLane: () => Promise<Lane>;
  readonly moreLanes: number;
}

/** Requests that a lane takes at once: some 20 ms of work. Fewer than that are a moment of their own. */
const jobSize = 64;
/** Jobs that a lane of another thread holds: this thread, which hands them out, judges as well. */
const jobsAhead = 4;
/** So much work makes good what another thread's start costs. */
const worthLanes = 512;
/** Bursts that are read before the first of them is answered: the lanes do not wait for each other at the end of one. */
const mostBursts = 4;

/**
 * JSON lines in, JSON lines out, same order. What has come in is answered before more is waited for: a program may hold both
 * ends and send one line at a time.
 */
export async function answerBatch(options: BatchOptions): Promise<void> {
  const pool = openPool(options.here);
  let starting: Promise<unknown> | undefined;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const answerAll = async (): Promise<void> => {
    const unwritten: Promise<void>[] = [];
    let seen = 0;
    let written = Promise.resolve();
    for await (const requests of bursts(options.input)) {
      seen += requests.length;
      if (seen >= worthLanes) starting ??= startLanes(options, pool);
      written = writeAfter(written, pool.answer(requests), options.write);
      // Told of at once, whatever is waited for by then.
      written.catch(fail);
      unwritten.push(written);
      if (unwritten.length === mostBursts) await unwritten.shift();
    }
    await written;
  };
  try {
    await Promise.race([answerAll(), failed]);
  } finally {
    await starting;
    await pool.close();
  }
}

/** Each joins when it is ready; the others do not wait for it. */
function startLanes({ openLane, moreLanes }: BatchOptions, pool: Pool): Promise<unknown> {
  const joined = Array.from({ length: moreLanes }, async () => pool.join(await openLane()));
  return Promise.allSettled(joined);
}

async function writeAfter(
  before: Promise<void>,
  answers: readonly Promise<readonly string[]>[],
  write: BatchOptions["write"],
): Promise<void> {
  await before;
  for (const texts of answers) await write(`${(await texts).join("\n")}\n`);
}

type Answers = Promise<readonly string[]>;

interface Job {
  readonly requests: readonly string[];
  readonly moment: number;
  readonly settle: (answers: Answers) => void;
}

interface Pool {
  /** The answers to a burst, job by job. */
  answer(requests: readonly string[]): readonly Answers[];
  join(lane: Lane): void;
  close(): Promise<unknown>;
}

/** The lanes take jobs as they get through with them. */
function openPool(here: Lane): Pool {
  const lanes = [here];
  const moments = new Map<Lane, number>();
  const jobs: Job[] = [];
  /** Each as often as it has room for a job. */
  const idle = [here];
  let moment = 0;
  const handOut = (): void => {
    while (idle.length > 0 && jobs.length > 0) {
      const [lane, job] = [idle.shift(), jobs.shift()];
      if (lane !== undefined && job !== undefined) void work(lane, job);
    }
  };
  const work = async (lane: Lane, job: Job): Promise<void> => {
    const isNewMoment = (moments.get(lane) ?? 0) !== job.moment;
    moments.set(lane, job.moment);
    const answers = lane.answer(job.requests, isNewMoment);
    job.settle(answers);
    await answers.catch(() => {});
    // Whoever judges on this thread must let the others' answers in.
    if (lane === here) await nextTurn();
    idle.push(lane);
    handOut();
  };
  return {
    answer(requests) {
      // Few at once: somebody may change files between one answer and the next question.
      if (requests.length < jobSize) moment += 1;
      const answers: Answers[] = [];
      for (let at = 0; at < requests.length; at += jobSize) {
        const part = requests.slice(at, at + jobSize);
        const job: Answers = new Promise((settle) => jobs.push({ requests: part, moment, settle }));
        // Whoever writes them hears of it when their turn comes.
        job.catch(() => {});
        answers.push(job);
      }
      handOut();
      return answers;
    },
    join(lane) {
      lanes.push(lane);
      for (let at = 0; at < jobsAhead; at++) idle.push(lane);
      handOut();
    },
    close: () => Promise.all(lanes.map((lane) => lane.close())),
  };
}

/** Whole lines as they come, empty ones passed over; the last needs no line feed. */
async function* bursts(input: BatchOptions["input"]): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of input) {
    const lines = `${rest}${typeof chunk === "string" ? chunk : decoder.write(chunk)}`.split("\n");
    rest = lines.pop() ?? "";
    yield lines.filter((line) => line.trim() !== "");
  }
  const last = rest + decoder.end();
  if (last.trim() !== "") yield [last];
}
