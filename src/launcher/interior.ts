import { existsSync, readFileSync } from "node:fs";

/** The inside of a running sandbox, as it is seen from outside. */
export interface Interior {
  /** The command was started; by this process something inside is found. */
  follow(pid: number): void;
  /** Where its root directory is found; undefined as long as nothing of it runs. Throws where it cannot be looked at. */
  root(): string | undefined;
  /** Its first process, which passes signals on; undefined as long as nothing of it runs. */
  pid(): number | undefined;
  /** By the number that a process has inside. */
  isAlive(pid: number): boolean;
  isShell(pid: number): boolean;
}

/** Of a sandbox that is still to be started: before `follow` there is nothing to see. */
export function openInterior(): Interior {
  let started: number | undefined;
  let known: string | undefined;
  function root(): string | undefined {
    if (started === undefined) return undefined;
    if (known !== undefined && existsSync(`${known}/proc`)) return known;
    const pid = insider(started);
    // What cannot be seen cannot be judged.
    if (pid === undefined) throw new Error("the sandbox cannot be looked into");
    known = `/proc/${pid}/root`;
    if (!existsSync(`${known}/proc/1`)) throw new Error("the sandbox cannot be looked into");
    return known;
  }
  return {
    follow(pid) {
      started = pid;
      known = undefined;
    },
    root,
    pid: () => (started === undefined ? undefined : insider(started)),
    isAlive: (pid) => pid > 0 && existsSync(`${root() ?? nowhere}/proc/${pid}`),
    isShell: (pid) => shellNames.test(text(`${root() ?? nowhere}/proc/${pid}/comm`).trim()),
  };
}

/** The first process of a namespace of numbers, found from a process above it: `inside`. */
function insider(pid: number): number | undefined {
  const pending = [pid];
  for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
    if (numbersOf(at).at(-1) === 1) return at;
    pending.push(...childrenOf(at));
  }
  return undefined;
}

/** proc(5), `NSpid`: of a process in each namespace, the innermost last. */
function numbersOf(pid: number): readonly number[] {
  const [, numbers = ""] = /^NSpid:\s*(.*)$/m.exec(text(`/proc/${pid}/status`)) ?? [];
  const all = numbers.split(/\s+/).map(Number);
  return all.length > 1 ? all : [];
}

/** proc(5): `/proc/PID/task/TID/children`. */
function childrenOf(pid: number): readonly number[] {
  return text(`/proc/${pid}/task/${pid}/children`)
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

function text(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

const shellNames = /^(ba|da|z|fi)?sh$/;
const nowhere = "/proc/0";
