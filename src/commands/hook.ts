import type { HookAnswer, HookCall, Protocol } from "../hooks/protocol.js";
import { findOuterShims } from "../launcher/outer.js";
import { showQuoting } from "../prompt/visible.js";
import { realpath } from "../world/file-system.js";
import type { HookMode, HookName } from "./hook-names.js";
import type { Places } from "./places.js";

export interface HookOptions {
  readonly agent: HookName;
  readonly mode?: HookMode;
  readonly config?: string;
}

/**
 * `holdpoint hook NAME`: one question of an agent's on stdin, the answer in its words on stdout. Status 0; 2 for every
 * failure of ours, which each of these agents takes for a refusal, with the reason on stderr.
 */
export async function hook(options: HookOptions, places: Places): Promise<number> {
  // Nothing else may come to stdout: an agent that cannot read the answer runs the tool.
  try {
    const protocol = await loadProtocol(options.agent);
    const call = protocol.read(JSON.parse(await within(inputTime, "the agent's question", readInput())));
    const answer = await answerCall(call, protocol, options, places);
    await print(protocol.answer(answer));
    return 0;
  } catch (cause) {
    await complain(`holdpoint: denied: the guard's hook failed, so nothing may run: ${describe(cause)}`);
    return 2;
  }
}

async function loadProtocol(agent: HookName): Promise<Protocol> {
  switch (agent) {
    case "claude":
      return (await import("../hooks/claude.js")).claude;
    case "codex":
      return (await import("../hooks/codex.js")).codex;
    case "cursor":
      return (await import("../hooks/cursor.js")).cursor;
    case "gemini":
      return (await import("../hooks/gemini.js")).gemini;
    case "opencode":
      return (await import("../hooks/opencode.js")).opencode;
  }
}

async function answerCall(
  given: HookCall,
  protocol: Protocol,
  options: HookOptions,
  places: Places,
): Promise<HookAnswer> {
  const call = withoutNotes(given, protocol, places);
  if (call.tool === undefined) return { kind: "allow" };
  const shims = await findOuterShims(process.env);
  if (shims === undefined) {
    const { judgeHookCall } = await import("./hook-judge.js");
    const mode = options.mode ?? (protocol.asksByDefault ? "ask" : "deny");
    const answered = judgeHookCall({ ...call, tool: call.tool }, protocol.name, mode, options.config, places);
    return within(judgeTime, "the judgement", answered);
  }
  // The session's shims and shells see every command, and would ask about it a second time.
  const unseen = call.tool.kind === "line" ? call.tool.unseen : call.tool;
  if (unseen === undefined) return { kind: "allow" };
  const { askSession } = await import("./hook-session.js");
  return within(sessionTime, "an answer of the session", askSession(unseen, call.cwd, shims));
}

/** An agent's plans and memories, by where they really lie: nobody's work is lost in them, and they change all day. */
function withoutNotes(call: HookCall, { notes }: Protocol, { home }: Places): HookCall {
  if (notes === undefined || call.tool?.kind !== "files") return call;
  const root = `${realpath(home)}/`;
  const isNote = (path: string) => {
    const real = path.startsWith("/") ? realpath(path) : "";
    return real.startsWith(root) && notes.test(real.slice(root.length));
  };
  const written = call.tool.written.filter((path) => !isNote(path));
  const { deleted, read = [], searched = [] } = call.tool;
  const isNothing = written.length + deleted.length + read.length + searched.length === 0;
  return { ...call, tool: isNothing ? undefined : { ...call.tool, written } };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostInput) throw new Error("the agent's question is longer than 32 MB");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `holdpoint init` gives hooks ten minutes; an agent whose hook takes longer goes on without its answer. */
async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come in time`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function print(text: string): Promise<void> {
  return new Promise((done, fail) =>
    text === "" ? done() : process.stdout.write(`${text}\n`, (error) => (error ? fail(error) : done())),
  );
}

function complain(text: string): Promise<void> {
  return new Promise((done) => process.stderr.write(`${showQuoting(text)}\n`, () => done()));
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ("code" in cause && cause.code === "EROFS")
    return `${cause.message}: this is a session's sandbox, whose broker would answer, but the agent has not handed the session's environment on to its hook`;
  if ("problems" in cause && Array.isArray(cause.problems)) return cause.problems.join("; ");
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}

const mostInput = 32 * 1024 * 1024;
const inputTime = 20_000;
const judgeTime = 60_000;
const sessionTime = 590_000;
