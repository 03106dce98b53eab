import { StringDecoder } from "node:string_decoder";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Answers requests, each with one JSON text, in their order: on this thread or on another. */
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

/** Requests that a lane takes at once: some 30 ms of work. */
const jobSize = 64;
/** So much work makes good what another thread's start costs. */
const worthLanes = 512;

/**
 * JSON lines in, JSON lines out, same order. What has come in is answered before more is waited for: a program may hold both
 * ends and send one line at a time.
 */
export async function answerBatch(options: BatchOptions): Promise<void> {
  const lanes = [options.here];
  let starting: Promise<unknown> | undefined;
  let seen = 0;
  try {
    for await (const requests of bursts(options.input)) {
      seen += requests.length;
      if (seen >= worthLanes) starting ??= startLanes(options, lanes);
      const answers = await answerBurst(requests, [...lanes]);
      if (answers.length > 0) await options.write(`${answers.join("\n")}\n`);
    }
  } finally {
    await starting;
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** Each joins when it is ready; the others do not wait for it. */
function startLanes({ openLane, moreLanes }: BatchOptions, lanes: Lane[]): Promise<unknown> {
  const joined = Array.from({ length: moreLanes }, async () => lanes.push(await openLane()));
  return Promise.allSettled(joined);
}

/** The lanes take jobs as they get through with them. */
async function answerBurst(requests: readonly string[], lanes: readonly Lane[]): Promise<readonly string[]> {
  const answers: (readonly string[])[] = [];
  // Few at once: somebody may change files between one answer and the next question.
  const isNewMoment = requests.length < jobSize;
  let next = 0;
  const work = async (lane: Lane): Promise<void> => {
    for (let job = next++; job * jobSize < requests.length; job = next++) {
      answers[job] = await lane.answer(requests.slice(job * jobSize, (job + 1) * jobSize), isNewMoment);
      // Whoever judges on this thread must let the others' answers in.
      await nextTurn();
    }
  };
  await Promise.all(lanes.map(work));
  return answers.flat();
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
