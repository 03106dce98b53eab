import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, resolve } from "node:path";

/** What the kernel says of one process. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export interface ProcessFacts {
  readonly pid: number;
  /** 0 where it lies outside what can be seen here: the first process, one put into a container from outside. */
  readonly parent: number;
  /** Of the program, as the kernel cut it: `tmux: server`. */
  readonly name: string;
  /** Clock ticks since the machine started. */
  readonly startedAt: number;
  /** Number of its controlling terminal; 0 without one. */
  readonly terminal: number;
  /** `HOLDPOINT_SESSION` of the environment that it was started with, where that can be read. */
  readonly session: string | undefined;
  /** Absolute path of the script that Node runs in it; undefined for any other program. */
  readonly script: string | undefined;
  /** The word behind it: `approve`. */
  readonly verb: string | undefined;
}

/** The machine's processes, as an argument: tests have machines of their own. */
export interface Processes {
  /** Undefined for one that is gone or hidden. */
  read(pid: number): ProcessFacts | undefined;
  /** Who holds the outer end of a pseudo-terminal, as far as one may look: not into other users' processes. */
  holders(terminal: number): readonly number[];
}

/** Linux: `/proc`. Elsewhere nothing can be read, so that nobody has a standing. */
export const systemProcesses: Processes = { read: readProcess, holders: findHolders };

/** `pts/7`, `tty1`. https://www.kernel.org/doc/Documentation/admin-guide/devices.txt */
export function terminalName(terminal: number): string {
  const [major, minor] = splitDevice(terminal);
  if (major === unixPty) return `pts/${minor}`;
  return major === 4 ? (minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`) : `terminal ${major}:${minor}`;
}

function readProcess(pid: number): ProcessFacts | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold anything, parentheses too.
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    return {
      pid,
      parent: Number(fields[1]),
      name: text.slice(text.indexOf("(") + 1, end),
      startedAt: Number(fields[19]),
      terminal: Number(fields[4]),
      session: readSession(pid),
      ...readScript(pid),
    };
  } catch {
    return undefined;
  }
}

function readSession(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
    return /(?:^|\0)HOLDPOINT_SESSION=([^\0]*)/.exec(environment)?.[1];
  } catch {
    return undefined;
  }
}

function readScript(pid: number): Pick<ProcessFacts, "script" | "verb"> {
  const none = { script: undefined, verb: undefined };
  try {
    const [program = "", ...words] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (!/^node(?:js|[\d.-]|$)/.test(basename(program))) return none;
    const [script, verb] = words.filter((word) => !word.startsWith("-"));
    if (script === undefined) return none;
    return { script: realpathSync(resolve(readlinkSync(`/proc/${pid}/cwd`), script)), verb };
  } catch {
    return none;
  }
}

function findHolders(terminal: number): readonly number[] {
  const [major, minor] = splitDevice(terminal);
  if (major !== unixPty) return [];
  return list("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => list(`/proc/${pid}/fd`).some((descriptor) => isMaster(pid, descriptor, minor)))
    .map(Number);
}

function isMaster(pid: string, descriptor: string, index: number): boolean {
  try {
    if (!/\/ptmx$/.test(readlinkSync(`/proc/${pid}/fd/${descriptor}`))) return false;
    const info = readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, "latin1");
    return Number(/^tty-index:\s*(\d+)$/m.exec(info)?.[1] ?? -1) === index;
  } catch {
    return false;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function splitDevice(device: number): readonly [major: number, minor: number] {
  return [(device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00)];
}

const unixPty = 136;
