import { readFileSync } from "node:fs";

/** What the kernel says of a process. Linux only: undefined elsewhere, and for a process that is gone. */
export interface ProcessState {
  /** `T` when stopped, `R`, `S`, … https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** The foreground process group of its terminal; -1 without one. */
  readonly foreground: number;
}

/** From `/proc/PID/stat`. */
export function readProcessState(pid: number | "self"): ProcessState | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold anything, parentheses too.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent, group, , , foreground] = fields;
    return { state, parent: Number(parent), group: Number(group), foreground: Number(foreground) };
  } catch {
    return undefined;
  }
}

/** Whether the terminal is with us: our own process group, or one that we started, has it. True where nobody can say. */
export function hasTerminal(): boolean {
  const own = readProcessState("self");
  if (own === undefined || own.foreground <= 0 || own.foreground === own.group) return true;
  for (let pid = own.foreground, hops = 0; pid > 1 && hops < 64; hops++) {
    if (pid === process.pid) return true;
    pid = readProcessState(pid)?.parent ?? 0;
  }
  return false;
}

/** Whether a signal does to this process what it does by default. */
export function isDefaultSignal(pid: number, number: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "latin1");
    const bit = 1n << BigInt(number - 1);
    const masks = [...text.matchAll(/^Sig(?:Blk|Ign|Cgt):\s*([0-9a-f]+)$/gm)];
    return masks.length === 3 && masks.every((mask) => (BigInt(`0x${mask[1]}`) & bit) === 0n);
  } catch {
    return false;
  }
}

/** To a process, or with a negative id to a group; one that is gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
