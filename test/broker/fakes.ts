import type { Bench } from "../../src/broker/bench.js";
import type { Caller } from "../../src/broker/conversation.js";
import { Decisions, type DecisionsOptions, type Mode } from "../../src/broker/decision.js";
import { Lines } from "../../src/broker/lines.js";
import { Programs } from "../../src/broker/program.js";
import type { ShimCall, StdinAnswer } from "../../src/broker/protocol.js";
import { Questions } from "../../src/broker/questions.js";
import type { AlertPort } from "../../src/model/alert.js";
import type { BackupPort } from "../../src/model/backup.js";
import { type Clock, realClock } from "../../src/model/clock.js";
import { type Effect, type FileEffect, plainEffect } from "../../src/model/effect.js";
import type { Judgement, Request } from "../../src/model/judgement.js";
import type { PreviewPort } from "../../src/model/preview.js";
import type { Answer, Asker, Question } from "../../src/model/question.js";
import type { AuditLog, RecordBody } from "../../src/model/record.js";
import type { Decision, Severity } from "../../src/model/rule.js";
import type { World } from "../../src/model/world.js";

export function fileDelete(target: string, more: Partial<FileEffect> = {}): FileEffect {
  return {
    ...plainEffect("rm", "delete", target),
    resource: "file",
    place: "outside",
    recursive: false,
    aspect: "content",
    extent: { kind: "exact", count: 1, unit: "files" },
    because: "untracked",
    ...more,
  };
}

/** A judgement in which every effect matches one rule with this verdict. */
export function judged(
  verdict: Decision,
  effects: readonly Effect[] = [],
  severity: Severity = "medium",
): Judgement {
  const matches = effects.map((_, effect) => ({
    rule: "files/delete",
    effect,
    verdict,
    severity,
    because: "cannot be had again",
    instead: "move it to a folder of its own",
    locked: false,
  }));
  return {
    verdict,
    severity,
    calls: [],
    effects,
    matches,
    origins: { calls: [], effects: [] },
    errors: [],
    wantsStdin: false,
  };
}

/** Every word below `/keep/` is deleted, one effect each; the rest is harmless. */
export function judgeWords(request: Request): Judgement {
  const text = request.door === "line" ? request.text : request.argv.join(" ");
  const targets = text.split(/[ ;]+/).filter((word) => word.startsWith("/keep/"));
  return targets.length === 0
    ? judged("allow")
    : judged(
        "ask",
        targets.map((target) => fileDelete(target)),
      );
}

export interface MemoryLog extends AuditLog {
  readonly records: RecordBody[];
  readonly durable: boolean[];
  failure: Error | undefined;
}

export function memoryLog(): MemoryLog {
  const log: MemoryLog = {
    records: [],
    durable: [],
    failure: undefined,
    write(body, durable) {
      if (log.failure !== undefined) throw log.failure;
      log.records.push(body);
      log.durable.push(durable);
    },
    close() {},
  };
  return log;
}

export const allowOnce: Answer = { decision: "allow", grant: "once", by: "ann", how: "key a" };
export const allowSession: Answer = { decision: "allow", grant: "session", by: "ann", how: "key s" };
export function refusal(reason?: string): Answer {
  return { decision: "deny", cause: "human", by: "ann", how: "key d", reason };
}

/** Answers with the next of the list; keeps what it was asked. */
export function scriptedAsker(answers: readonly Answer[]): Asker & { readonly asked: Question[] } {
  const rest = [...answers];
  const asked: Question[] = [];
  return {
    asked,
    async ask(question) {
      asked.push(question);
      return (
        rest.shift() ?? { decision: "deny", cause: "nobody", by: "test", how: "test", reason: undefined }
      );
    },
  };
}

/** Stays on each question until told, or until the card is taken down. */
export function slowAsker(): Asker & { readonly asked: Question[]; answer(answer: Answer): void } {
  const asked: Question[] = [];
  let resolve: (answer: Answer) => void = () => {};
  return {
    asked,
    ask(question, signal) {
      asked.push(question);
      return new Promise((done) => {
        resolve = done;
        signal.addEventListener("abort", () =>
          done({ decision: "deny", cause: "caller-gone", by: "test", how: "abort", reason: undefined }),
        );
      });
    },
    answer: (answer) => resolve(answer),
  };
}

export interface FakeClock extends Clock {
  /** Timers that have not run. */
  readonly pending: number;
  advance(milliseconds: number): Promise<void>;
}

export function fakeClock(): FakeClock {
  let now = 1_000_000;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    get pending() {
      return timers.length;
    },
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    async advance(milliseconds) {
      now += milliseconds;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
      await settle();
    },
  };
}

/** Lets all that is ready to run, run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A world with these programs, `path` → first bytes, and these readable files. */
export function fakeWorld(files: Readonly<Record<string, string>>): World {
  const missing = { ok: false, reason: "missing" } as const;
  return {
    user: { uid: 1000, home: "/home/ann", homeOf: () => undefined },
    session: { startedAt: 0, workspace: "/proj", guardPaths: [], temporary: ["/tmp"] },
    lstat: () => ({ exists: false, reason: "missing" }),
    realpath: (path) => path,
    readdir: () => missing,
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? missing : { ok: true, bytes: Buffer.from(text), complete: true };
    },
    git: {
      repository: () => undefined,
      tracked: () => new Map(),
      blobId: () => "",
      ignoredSinceStart: () => false,
      query: () => missing,
    },
    findProgram: (name, path) =>
      path
        .split(":")
        .map((folder) => `${folder}/${name}`)
        .find((candidate) => files[candidate] !== undefined),
    isShimmed: () => true,
    parseSql: () => ({ kind: "loading" }),
    fingerprint: () => "",
  };
}

export interface FakeBenchOptions {
  readonly mode?: Mode;
  readonly judge?: (request: Request) => Judgement;
  readonly asker?: Asker;
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly log?: AuditLog;
  readonly onRefused?: (token: string) => void;
  readonly isAlive?: (pid: number) => boolean;
  readonly world?: Partial<World>;
  readonly alerts?: AlertPort;
  readonly previews?: PreviewPort;
  readonly backups?: BackupPort;
}

export function fakeBench(options: FakeBenchOptions = {}): Bench {
  const clock = options.clock ?? realClock;
  const world = {
    ...fakeWorld({
      "/usr/bin/rm": "ELF",
      "/usr/bin/ls": "ELF",
      "/usr/bin/bash": "ELF",
      ...options.files,
    }),
    ...options.world,
  };
  let count = 0;
  const lines = new Lines({
    now: clock.now,
    isAlive: options.isAlive ?? (() => true),
    isShell: () => true,
    makeToken: () => `line${++count}`,
    onRefused: options.onRefused ?? (() => {}),
  });
  const { asker } = options;
  const questions =
    asker === undefined
      ? undefined
      : new Questions({
          elsewhere: false,
          asker,
          session: "test",
          label: "agent",
          timeout: 300_000,
          clock,
        });
  const parts: DecisionsOptions = {
    log: options.log ?? memoryLog(),
    lines,
    questions,
    redact: (text) => text,
    alerts: options.alerts,
    previews: options.previews,
    backups: options.backups,
    clock,
  };
  const judge = options.judge ?? judgeWords;
  return {
    judge: async (request) => judge(request),
    world,
    decisions: new Decisions(parts),
    lines,
    programs: new Programs(world, "/usr/bin"),
    mode: options.mode ?? "ask",
    bin: "/hp/bin",
    redact: parts.redact,
    notePath: () => {},
  };
}

export function shimCall(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  more: Partial<ShimCall> = {},
): ShimCall {
  return {
    name: argv[0] ?? "",
    pid: 100,
    parentPid: 99,
    cwd: "/proj",
    stdin: "null",
    argv,
    env: new Map(Object.entries({ PATH: "/hp/bin:/usr/bin", ...env })),
    ...more,
  };
}

export function fakeCaller(stdin: StdinAnswer = { state: "none", bytes: Buffer.alloc(0) }): Caller {
  return { gone: new AbortController().signal, readStdin: async () => stdin };
}
