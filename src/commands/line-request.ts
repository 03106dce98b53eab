import type { Stdin } from "../model/call.js";
import { envFrom } from "../model/env.js";
import type { Request } from "../model/judgement.js";

/** A line as somebody would type it in this directory; `stdin` is what it would read there. */
export interface LineInput {
  readonly line: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: string | undefined;
}

/** One Env per environment object: a batch of ten thousand lines shares the process's. */
const envs = new WeakMap<object, Request["env"]>();

export function lineRequest({ line, cwd, env, stdin }: LineInput): Request {
  let shared = envs.get(env);
  if (shared === undefined) {
    shared = envFrom(Object.entries(env).filter(([, value]) => value !== undefined));
    envs.set(env, shared);
  }
  const input: Stdin =
    stdin === undefined ? { kind: "terminal" } : { kind: "text", text: stdin, from: "file" };
  return { door: "line", text: line, shell: "bash", args: [], cwd, env: shared, stdin: input };
}
