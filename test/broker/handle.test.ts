import { expect, test } from "vitest";
import { createHandle } from "../../src/broker/handle.js";
import type { Reply, ShimCall } from "../../src/broker/protocol.js";
import type { Stdin } from "../../src/model/call.js";
import type { Judgement, Request } from "../../src/model/judgement.js";
import type { Answer } from "../../src/model/question.js";
import {
  allowOnce,
  allowSession,
  type FakeBenchOptions,
  fakeBench,
  fakeCaller,
  fileDelete,
  judged,
  memoryLog,
  refusal,
  scriptedAsker,
  shimCall,
} from "./fakes.js";

const rm = shimCall(["rm", "-rf", "/keep/a"]);
const ls = shimCall(["ls"]);

/** A word for a reply: what it lets happen. */
function show(reply: Reply): string {
  return reply.verb === "exec" ? `exec ${reply.program}` : `exit ${reply.status}`;
}

function tokenOf(reply: Reply): string {
  const entry =
    reply.verb === "exec" ? reply.env.find((each) => each.startsWith("HOLDPOINT_LINE=")) : undefined;
  return entry?.slice("HOLDPOINT_LINE=".length) ?? "";
}

/** Runs calls one after the other; a call may take the token that an earlier reply handed out. */
async function play(
  options: FakeBenchOptions,
  calls: readonly (ShimCall | ((replies: readonly Reply[]) => ShimCall))[],
): Promise<readonly Reply[]> {
  const handle = createHandle(fakeBench(options));
  const replies: Reply[] = [];
  for (const call of calls)
    replies.push(await handle(typeof call === "function" ? call(replies) : call, fakeCaller()));
  return replies;
}

function below(at: number, argv: readonly string[]): (replies: readonly Reply[]) => ShimCall {
  return (replies) =>
    shimCall(argv, { HOLDPOINT_LINE: tokenOf(replies[at] ?? { verb: "exit", status: 0, message: "" }) });
}

const ask = (...answers: readonly Answer[]) => ({ asker: scriptedAsker(answers) });
const bash = shimCall(["bash", "-c", "rm /keep/a; rm /keep/b"]);

const cases: readonly (readonly [string, FakeBenchOptions, Parameters<typeof play>[1], readonly string[]])[] =
  [
    ["safe work runs", {}, [ls], ["exec /usr/bin/ls"]],
    ["nobody to ask means no", {}, [rm], ["exit 126"]],
    ["mode deny asks nobody", { mode: "deny", ...ask(allowOnce) }, [rm], ["exit 126"]],
    ["observe holds nothing", { mode: "observe" }, [rm], ["exec /usr/bin/rm"]],
    [
      "a session inside may tighten",
      { ...ask(allowOnce) },
      [shimCall(rm.argv, { HOLDPOINT_MODE: "deny" })],
      ["exit 126"],
    ],
    ["but never loosen", { mode: "deny" }, [shimCall(rm.argv, { HOLDPOINT_MODE: "observe" })], ["exit 126"]],
    [
      "observe gives way to ask",
      { mode: "observe" },
      [shimCall(rm.argv, { HOLDPOINT_MODE: "ask" })],
      ["exit 126"],
    ],
    ["allow once is for one call", ask(allowOnce, refusal()), [rm, rm], ["exec /usr/bin/rm", "exit 126"]],
    ["allow for the session stays", ask(allowSession), [rm, rm, rm], Array(3).fill("exec /usr/bin/rm")],
    [
      "a refusal is not asked again",
      ask(refusal(), allowOnce),
      [rm, shimCall(["rm", "/keep/a"])],
      ["exit 126", "exit 126"],
    ],
    [
      "a denial by rule is final",
      { judge: () => judged("deny", [fileDelete("/")]), ...ask(allowOnce) },
      [rm],
      ["exit 126"],
    ],
    [
      "an approved line releases its parts, each once",
      ask(allowOnce, refusal()),
      [bash, below(0, ["rm", "/keep/a"]), below(0, ["rm", "/keep/b"]), below(0, ["rm", "/keep/a"])],
      ["exec /usr/bin/bash", "exec /usr/bin/rm", "exec /usr/bin/rm", "exit 126"],
    ],
    [
      "and nothing else",
      ask(allowOnce, refusal()),
      [bash, below(0, ["rm", "/keep/c"])],
      ["exec /usr/bin/bash", "exit 126"],
    ],
    [
      "and not outside its shell",
      ask(allowOnce, refusal()),
      [bash, shimCall(["rm", "/keep/a"])],
      ["exec /usr/bin/bash", "exit 126"],
    ],
    [
      "a wrapper hands its grant on to what it starts",
      { ...ask(allowOnce, refusal()), files: { "/usr/bin/env": "ELF" } },
      [bash, below(0, ["env", "rm", "/keep/a"]), below(1, ["rm", "/keep/a"]), below(1, ["rm", "/keep/a"])],
      ["exec /usr/bin/bash", "exec /usr/bin/env", "exec /usr/bin/rm", "exit 126"],
    ],
    ["no such program", {}, [shimCall(["psql"])], ["exit 127"]],
    ["without PATH, the usual folders", {}, [{ ...ls, env: new Map() }], ["exec /usr/bin/ls"]],
    [
      "a relative folder on PATH is the caller's",
      { files: { "/proj/bin/ls": "ELF" } },
      [shimCall(["ls"], { PATH: "bin" })],
      ["exec /proj/bin/ls"],
    ],
    [
      "a judge that throws denies",
      {
        judge: () => {
          throw new Error("no reader");
        },
      },
      [ls],
      ["exit 126"],
    ],
  ];

test.each(cases)("%s", async (_, options, calls, expected) => {
  expect((await play(options, calls)).map(show)).toEqual(expected);
});

test("no record, no run", async () => {
  const log = memoryLog();
  log.failure = new Error('cannot write the audit log "/var/log/x"', { cause: new Error("ENOSPC") });
  const [reply] = await play({ log, mode: "observe" }, [ls]);
  expect(reply).toEqual({
    verb: "exit",
    status: 126,
    message:
      'holdpoint: denied: the guard failed on this call, so nothing was run: cannot write the audit log "/var/log/x" (ENOSPC)',
  });
});

test("records: what is written, in which order, and which are on disk first", async () => {
  const log = memoryLog();
  await play({ log, ...ask(allowOnce, refusal("use the dashboard")) }, [
    ls,
    rm,
    shimCall(["rm", "/keep/b"], { CLAUDECODE: "1" }),
  ]);
  const short = log.records.map(({ effects: _, matches: __, ...rest }, at) => [log.durable[at], rest]);
  expect(short).toEqual([
    [
      false,
      { event: "exec", argv: ["ls"], program: "/usr/bin/ls", cwd: "/proj", pid: 100, verdict: "allow" },
    ],
    [
      true,
      {
        event: "exec",
        argv: rm.argv,
        program: "/usr/bin/rm",
        cwd: "/proj",
        pid: 100,
        verdict: "ask",
        question: "q1",
      },
    ],
    [false, { event: "ask", question: "q1" }],
    [
      true,
      {
        event: "answer",
        verdict: "allow",
        question: "q1",
        answer: { by: "ann", how: "key a", grant: "once" },
      },
    ],
    [
      true,
      {
        event: "exec",
        argv: ["rm", "/keep/b"],
        program: "/usr/bin/rm",
        cwd: "/proj",
        pid: 100,
        agent: "claude",
        verdict: "ask",
        question: "q2",
      },
    ],
    [false, { event: "ask", question: "q2" }],
    [
      true,
      {
        event: "answer",
        verdict: "deny",
        question: "q2",
        answer: { by: "ann", how: "key d", grant: "none" },
        reason: "use the dashboard",
      },
    ],
  ]);
});

test("a refusal says which rule, why, what instead, and in the human's words", async () => {
  const [reply] = await play(ask(refusal("ask \u001b[31mme first")), [rm]);
  expect(reply).toEqual({
    verb: "exit",
    status: 126,
    message: [
      "holdpoint: denied by rule files/delete: a human refused it. Cannot be had again. This would delete",
      "/keep/a (untracked). The human says: ask \\u{1b}[31mme first. Instead: move it to a folder of its",
      "own. Do not try to reach the same effect another way: it is judged by what it does, not by how it is",
      "written.",
    ].join("\n"),
  });
});

test("orders on descriptor 0 are read before they are judged", async () => {
  const seen: Stdin[] = [];
  const judge = (request: Request): Judgement => {
    seen.push(request.stdin);
    const { stdin } = request;
    if (stdin.kind === "text")
      return stdin.text.includes("DROP") ? judged("deny", [fileDelete("/x")]) : judged("allow");
    return { ...judged("ask", [fileDelete("/x")]), wantsStdin: true };
  };
  const handle = createHandle(fakeBench({ judge, files: { "/usr/bin/psql": "ELF" } }));
  const psql = shimCall(["psql"], {}, { stdin: "pipe" });
  const feed = (text: string, state: "eof" | "more") =>
    handle(psql, fakeCaller({ state, bytes: Buffer.from(text) }));
  expect(show(await feed("SELECT 1", "eof"))).toBe("exec /usr/bin/psql");
  expect(show(await feed("DROP TABLE x", "eof"))).toBe("exit 126");
  expect(show(await feed("SELECT", "more"))).toBe("exit 126");
  expect(seen).toEqual([
    { kind: "unknown", reason: "standard input is a pipe not read yet" },
    { kind: "text", text: "SELECT 1", from: "spool" },
    { kind: "unknown", reason: "standard input is a pipe not read yet" },
    { kind: "text", text: "DROP TABLE x", from: "spool" },
    { kind: "unknown", reason: "standard input is a pipe not read yet" },
    { kind: "unknown", reason: "standard input is too long or still open" },
  ]);
});

test("a line is judged once: the hook presents its token, and only that text, and only once", async () => {
  const log = memoryLog();
  const hook = (text: string) => (replies: readonly Reply[]) => ({
    ...below(0, ["holdpoint-ask", "line", "bash", text])(replies),
  });
  const text = "rm /keep/a; rm /keep/b";
  const replies = await play({ log, ...ask(allowOnce, refusal()) }, [
    bash,
    hook(text),
    hook("rm /keep/z"),
    hook("echo"),
  ]);
  expect(replies.map(show)).toEqual(["exec /usr/bin/bash", "exit 0", "exit 126", "exit 0"]);
  expect(log.records.map((record) => [record.event, record.verdict])).toEqual([
    ["exec", "ask"],
    ["ask", undefined],
    ["answer", "allow"],
    ["line", "ask"],
    ["ask", undefined],
    ["answer", "deny"],
    ["line", "allow"],
  ]);
});

const hooks: readonly (readonly [string, readonly string[], string])[] = [
  ["a harmless line", ["line", "bash", "ls"], "exit 0"],
  ["a destructive line", ["line", "zsh", "rm /keep/a"], "exit 126"],
  ["a harmless command with its variables", ["command", "bash", "$X", "X=ls"], "exit 0"],
  ["a script's text", ["script", "bash", "clean.sh"], "exit 126"],
  ["a script that cannot be read", ["script", "bash", "/proj/missing.sh"], "exit 0"],
  ["an unknown verb", ["trust", "bash", "ls"], "exit 126"],
  ["an unknown shell", ["line", "nu", "ls"], "exit 126"],
  ["no text", ["line", "bash"], "exit 126"],
];

test.each(hooks)("hook: %s", async (_, words, expected) => {
  const call = shimCall(["holdpoint-ask", ...words]);
  const [reply] = await play({ files: { "/proj/clean.sh": "rm /keep/a" } }, [call]);
  expect(reply && show(reply)).toBe(expected);
});

test("the hook's variables are part of the environment that is judged", async () => {
  const seen: unknown[] = [];
  const judge = (request: Request) => {
    if (request.door === "line") seen.push(request.args, request.env.layer);
    return judged("allow");
  };
  await play({ judge }, [
    shimCall(["holdpoint-ask", "command", "bash", "$X $1", "X=a=b", "1=one", "2=", "odd"]),
  ]);
  expect(seen).toEqual([["bash", "one", ""], new Map([["X", "a=b"]])]);
});

test("a refusal below a shell that reads its standard input is left where that shell looks", async () => {
  const refused: string[] = [];
  const stdin = { HOLDPOINT_LINE: "stdin.12.345" };
  const calls = [
    shimCall(["bash", "-c", "make"], stdin),
    below(0, ["rm", "/keep/a"]),
    shimCall(["ls"], stdin),
  ];
  await play({ onRefused: (token) => refused.push(token) }, calls);
  expect(refused).toEqual(["stdin.12.345"]);
  const forged = shimCall(["rm", "/keep/b"], { HOLDPOINT_LINE: "stdin.1.2/../../sock" });
  await play({ onRefused: (token) => refused.push(token) }, [forged]);
  expect(refused).toEqual(["stdin.12.345"]);
});

test("shims stay in front of what the caller put before them", async () => {
  const [reply] = await play({}, [shimCall(["ls"], { PATH: "/proj/.bin:/hp/bin:/usr/bin" })]);
  expect(reply).toEqual({ verb: "exec", program: "/usr/bin/ls", env: ["PATH=/hp/bin:/proj/.bin:/usr/bin"] });
});
