import { assertNever } from "../model/assert-never.js";
import { runChild } from "../world/child.js";

export type Evidence =
  | { readonly ok: true; readonly out: string }
  | { readonly ok: false; readonly reason: string };

/** One line, as `sh` reads it, with no input and no terminal; it ends, with its group, when its time is over. Never rejects. */
export async function runEvidence({
  evidence,
  folder,
  env,
  patience,
}: {
  readonly evidence: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patience: number;
}): Promise<Evidence> {
  const args = ["-c", evidence];
  const ended = await runChild({
    ...{ program: "/bin/sh", args, cwd: folder, env: withoutHooks(env) },
    ...{ out: 4096, patience },
  });
  switch (ended.kind) {
    case "ended": {
      const { status, by, out } = ended;
      return status === 0 ? { ok: true, out } : { ok: false, reason: `ended with ${status ?? by ?? "?"}` };
    }
    case "failed":
      return { ok: false, reason: `cannot be started: ${ended.reason}` };
    case "late":
    case "stopped":
      return { ok: false, reason: `did not end within ${patience / 1000} s` };
    default:
      return assertNever(ended);
  }
}

/** What an outer session, if there is one, has set for shells is not for this one. */
function withoutHooks(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const { BASH_ENV: _bash, ENV: _env, ...rest } = env;
  return rest;
}
