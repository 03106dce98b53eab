import { spawn } from "node:child_process";

export type Evidence =
  | { readonly ok: true; readonly out: string }
  | { readonly ok: false; readonly reason: string };

/** One line, as `sh` reads it, with no input and no terminal; it ends, with its group, when its time is over. Never rejects. */
export function runEvidence({
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
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", evidence], {
      cwd: folder,
      env: withoutHooks(env),
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    let out = "";
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Gone already.
      }
    };
    const end = (evidence: Evidence) => {
      clearTimeout(timer);
      child.stdout.destroy();
      kill();
      resolve(evidence);
    };
    const timer = setTimeout(
      () => end({ ok: false, reason: `did not end within ${patience / 1000} s` }),
      patience,
    );
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (out.length < most) out += chunk.slice(0, most - out.length);
    });
    child.on("error", (error) => end({ ok: false, reason: `cannot be started: ${error.message}` }));
    child.on("close", (status, signal) =>
      end(status === 0 ? { ok: true, out } : { ok: false, reason: `ended with ${status ?? signal ?? "?"}` }),
    );
  });
}

const most = 4096;

/** What an outer session, if there is one, has set for shells is not for this one. */
function withoutHooks(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const { BASH_ENV: _bash, ENV: _env, ...rest } = env;
  return rest;
}
