import { basename, resolve } from "node:path";
import { isatty } from "node:tty";
import type { Session } from "./session-shape.js";

export type First =
  /** `args`: those of the command, or what the broker has put in their place. */
  | {
      readonly kind: "start";
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: "refused"; readonly status: number; readonly message: string };

/**
 * The session's own command meets a shim like any other when it is named; when it is a path (`holdpoint -- /bin/rm x`),
 * nothing else would see it, but in a sandbox.
 */
export async function judgeFirst(
  session: Session,
  command: readonly string[],
  cwd: string,
  gone: AbortSignal,
): Promise<First> {
  const { env } = session;
  const [program = "", ...args] = command;
  const name = basename(program);
  if (!program.includes("/") || !session.links.has(name)) return { kind: "start", args, env };
  // Of a bash that was judged twice, the second start-up file would be the first one's.
  if (session.sandbox?.covers(resolve(cwd, program)) === true) return { kind: "start", args, env };
  const call = {
    name,
    pid: process.pid,
    parentPid: process.ppid,
    cwd,
    stdin: isatty(0) ? ("tty" as const) : ("other" as const),
    argv: command,
    env: new Map(Object.entries(env)),
  };
  const reply = await session.broker.handle(call, {
    gone,
    // It is the command's to read, and there is no way to give it back.
    readStdin: async () => ({ state: "more", bytes: Buffer.alloc(0) }),
  });
  if (reply.verb === "exit") return { kind: "refused", status: reply.status, message: reply.message };
  return { kind: "start", args: reply.argv?.slice(1) ?? args, env: change(env, reply.env) };
}

function change(
  env: Readonly<Record<string, string>>,
  entries: readonly string[],
): Readonly<Record<string, string>> {
  const changed: Record<string, string> = { ...env };
  for (const entry of entries) {
    const at = entry.indexOf("=");
    if (at < 0) delete changed[entry];
    else changed[entry.slice(0, at)] = entry.slice(at + 1);
  }
  return changed;
}
