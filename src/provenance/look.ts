import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import type { LookJob, SeenFile } from "./report.js";

export interface Look {
  /** Whether all that it was asked about was looked through; settles, never rejects. */
  readonly done: Promise<boolean>;
  end(): void;
}

/**
 * Looks through files in a process of its own, so that this one never holds what they say. It gets the processor only when
 * nobody else wants it, no terminal, no variable of this process, and is not in the session's process group.
 */
export function startLook(program: string, job: LookJob, onFile: (file: SeenFile) => void): Look {
  const child = spawn(process.execPath, ["--max-old-space-size=256", program], {
    stdio: ["pipe", "pipe", "ignore"],
    env: libraries(),
    cwd: "/",
    detached: true,
  });
  const failed = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
  });
  const { stdin, stdout, pid } = child;
  if (pid !== undefined) lower(pid);
  const end = () => {
    child.kill("SIGKILL");
  };
  const timer = setTimeout(end, job.budget + grace);
  for (const each of [child, timer]) each.unref();
  const done = Promise.race([failed, readReports(stdout, onFile)]);
  // It may be gone before it has read this.
  stdin.on("error", () => {});
  stdin.write(`${JSON.stringify(job)}\n`);
  return { done: done.finally(() => clearTimeout(timer)), end };
}

/** Milliseconds for its start, and for a file that is being read when its time is over. */
const grace = 3000;

/** A Node that was put somewhere by hand may need these to start at all. */
function libraries(): Record<string, string> {
  const names = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function lower(pid: number): void {
  try {
    setPriority(pid, 19);
  } catch {
    // Gone already.
  }
}

/** Resolves at the end of the output: whether it was told that all is done. */
async function readReports(
  stdout: NodeJS.ReadableStream,
  onFile: (file: SeenFile) => void,
): Promise<boolean> {
  try {
    // The checks of what comes back are code that a start does without.
    const { readReport } = await import("./report.js");
    let rest = "";
    let size = 0;
    let complete = false;
    stdout.setEncoding("utf8");
    for await (const chunk of stdout) {
      size += chunk.length;
      if (size > mostOutput) return false;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const report = readReport(line);
        if (report?.kind === "file") onFile(report.file);
        if (report?.kind === "done") complete = report.complete;
      }
    }
    return complete;
  } catch {
    return false;
  }
}

const mostOutput = 32 << 20;
