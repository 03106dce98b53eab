import { basename, dirname, join } from "node:path";
import type { Stdin } from "../model/call.js";
import type { Judgement } from "../model/judgement.js";
import { quoteWords } from "../model/quoted.js";
import { typedStatements } from "../model/wire.js";
import { type Bench, describeFailure, judgeSafely, modeOf, recordOf } from "./bench.js";
import type { Caller, Handle } from "./conversation.js";
import { release } from "./grants.js";
import { holdStart } from "./held-start.js";
import { answerHook } from "./hook.js";
import { interactiveStart, type Start } from "./interactive.js";
import { findKeeping, keep } from "./keep.js";
import { formatDenial, showControls } from "./message.js";
import { absolutePath } from "./program.js";
import type { Reply, ShimCall } from "./protocol.js";
import { execRequest, spooledStdin, stdinOf } from "./request.js";
import { isPathStarted, isShell, readShellWork } from "./shell-call.js";
import { watchFor } from "./unchanged.js";

/** One request → one reply. Whatever goes wrong on the way ends in 126. */
export function createHandle(bench: Bench): Handle {
  return async (call, caller) => {
    try {
      bench.attention?.turnTo(caller);
      bench.notePath(absolutePath(call.env.get("PATH") ?? "", call.cwd));
      return call.name === "holdpoint-ask"
        ? await answerHook(bench, call, caller)
        : await answerExec(bench, call, caller);
    } catch (cause) {
      return { verb: "exit", status: 126, message: failureMessage(cause, bench.redact) };
    }
  };
}

/** `before`: why what was to be kept in the trash is judged once more, as a deletion. */
async function answerExec(bench: Bench, call: ShimCall, caller: Caller, before?: string): Promise<Reply> {
  const choice = bench.programs.choose(call);
  if (choice.kind === "missing")
    return { verb: "exit", status: 127, message: `holdpoint: ${call.name}: command not found` };
  if (choice.kind === "loop") {
    const cause = `"${call.name}" starts itself again and again through PATH`;
    return {
      verb: "exit",
      status: 126,
      message: formatDenial({ judgement: undefined, cause, reason: undefined }, bench.redact),
    };
  }
  if (bench.sandbox?.isOwnWork(call) === true)
    return handOut(bench, call, { verb: "exec", program: choice.program, env: [] });
  const { judgement, again } = await judgeExec(bench, call, caller);
  const keeping = bench.undo === undefined ? undefined : findKeeping(judgement, bench.undo.trash);
  const line = bench.lines.find(call.env.get("HOLDPOINT_LINE"));
  const outcome = await bench.decisions.decide({
    judgement,
    // No getter: each new one of a literal is a new shape to V8, and all that reads it is compiled anew.
    text: () => textOf(call),
    cwd: call.cwd,
    record: recordOf(call, {
      ...{ event: "exec", argv: call.argv, program: choice.program },
      ...(keeping === undefined ? {} : { trash: keeping.id }),
      ...(before === undefined ? {} : { note: before }),
    }),
    line,
    uses: true,
    mode: modeOf(bench, call),
    process: call,
    caller,
    watch: () => watchFor({ judgement, again, cwd: call.cwd, files: [choice.program], world: bench.world }),
  });
  if (!outcome.allowed) return { verb: "exit", status: 126, message: outcome.message };
  let argv: readonly string[] | undefined;
  if (keeping !== undefined && bench.undo !== undefined) {
    const { trash, worldWithout } = bench.undo;
    const kept = isPlainRemover(choice.program, bench)
      ? await keep(keeping, trash, { call, text: bench.redact(textOf(call)), caller })
      : ({ kind: "not kept", reason: `${choice.program} is not the system's` } as const);
    if (kept.kind === "not kept") {
      const { undo: _, ...without } = bench;
      const reason = `not kept in the trash: ${kept.reason}`;
      return answerExec({ ...without, world: worldWithout }, call, caller, reason);
    }
    if (kept.argv === undefined) return { verb: "exit", status: 0, message: "" };
    argv = kept.argv;
  }
  const start = startOf(bench, call, choice.program);
  const env: string[] = [];
  let token = call.env.get("HOLDPOINT_LINE");
  const path = frontPath(call.env.get("PATH"), bench.bin);
  if (path !== undefined) env.push(`PATH=${path}`);
  if (choice.via !== call.env.get("HOLDPOINT_VIA"))
    env.push(choice.via === undefined ? "HOLDPOINT_VIA" : `HOLDPOINT_VIA=${choice.via}`);
  if (isShell(call.name) || outcome.released.length > 0) {
    const isText = isShell(call.name) && readShellWork(call.name, call.argv).kind === "text";
    const below = bench.lines.open(call.pid, line, awaitedText(call, judgement), isText);
    release(below.released, outcome.released);
    token = below.token;
    env.push(`HOLDPOINT_LINE=${token}`);
    if (start === undefined) bench.lines.mark(below, call, path ?? call.env.get("PATH") ?? "");
    // What a human let through is not asked about again when it comes by over the network.
    if (outcome.released.length > 0)
      for (const [name, value] of Object.entries(bench.network?.environment(below.token) ?? {}))
        env.push(`${name}=${value}`);
  }
  if (judgement.effects.some((effect) => effect.resource === "sql" && effect.statement === typedStatements))
    for (const [name, value] of Object.entries(bench.network?.confine(token) ?? {}))
      env.push(`${name}=${value}`);
  return handOut(bench, call, {
    ...{ verb: "exec", program: choice.program, env: [...env, ...(start?.env ?? [])] },
    ...(argv === undefined ? argvOf(start) : { argv }),
  });
}

function handOut(bench: Bench, call: ShimCall, reply: Extract<Reply, { readonly verb: "exec" }>): Reply {
  const handed = bench.sandbox?.handOut(reply.program, reply.argv ?? call.argv);
  return handed === undefined ? reply : { ...reply, ...handed };
}

function textOf({ name, argv }: ShimCall): string {
  return quoteWords([name, ...argv.slice(1)]);
}

/** The system's own, or one program under many names: a user's script of that name may do more than delete. */
function isPlainRemover(program: string, { world }: Bench): boolean {
  const real = world.realpath(program);
  return isSystem.test(real) && /\/(g?rm|unlink|busybox|coreutils|toybox)$/.test(real);
}

const isSystem = /^\/(?:usr|bin|sbin|nix|opt)\//;

/** An interactive shell reads the session's start-up file in the place of its own, and that one reads those. */
function startOf({ world, bin }: Bench, call: ShimCall, program: string): Start | undefined {
  if (!isShell(call.name)) return undefined;
  const rc = join(dirname(bin), "rc");
  if (basename(world.realpath(program)) !== "bash") return holdStart(call.name, call.argv, rc);
  const argv = call.name === "sh" ? ["sh", ...call.argv.slice(1)] : call.argv;
  return interactiveStart(argv, call.stdin === "tty", call.env, rc);
}

function argvOf(start: Start | undefined): { readonly argv?: readonly string[] } {
  return start?.argv === undefined ? {} : { argv: start.argv };
}

/**
 * PATH with the shims first, when something else came to stand before them: an activated virtual environment, `npm run`
 * and its `.bin` folders, a login profile. Undefined when nothing has to change.
 */
function frontPath(path: string | undefined, bin: string): string | undefined {
  if (path === undefined || path === bin || path.startsWith(`${bin}:`)) return undefined;
  return [bin, ...path.split(":").filter((folder) => folder !== bin)].join(":");
}

/** Judges the argv, and once more with what stands on descriptor 0 where the orders come from there. */
async function judgeExec(bench: Bench, call: ShimCall, caller: Caller): Promise<Judged> {
  const stdin = stdinOf(call.stdin);
  const isFollowed = bench.sandbox !== undefined && isPathStarted(call, bench.bin);
  const judge = (known: Stdin) =>
    judgeSafely(bench, { ...execRequest(call, known), ...(isFollowed ? { isFollowed } : {}) });
  const first = await judge(stdin);
  if (!first.wantsStdin || stdin.kind !== "unknown") return { judgement: first, again: () => judge(stdin) };
  const fetch = async () => spooledStdin(await caller.readStdin(stdinCap, stdinMilliseconds), call.stdin);
  const known = await fetch();
  // What came by a pipe is what the program gets; a file is read by the program itself.
  const again = async () => judge(call.stdin === "file" ? await fetch() : known);
  return { judgement: await judge(known), again };
}

interface Judged {
  readonly judgement: Judgement;
  readonly again: () => Promise<Judgement>;
}

/** What the shell's start-up hook will present: judged already, as part of the shell's own call. */
function awaitedText(call: ShimCall, judgement: Judgement): string | undefined {
  if (!isShell(call.name)) return undefined;
  const work = readShellWork(call.name, call.argv);
  if (work.kind === "text") return work.text;
  const wasRead = work.kind === "script" && judgement.calls.some((each) => each.via.length > 0);
  return wasRead ? work.words.join("\0") : undefined;
}

function failureMessage(cause: unknown, redact: (text: string) => string): string {
  const text = `holdpoint: denied: the guard failed on this call, so nothing was run: ${describeFailure(cause)}`;
  return showControls(redact(text));
}

const stdinCap = 4 * 1024 * 1024;
const stdinMilliseconds = 1500;
