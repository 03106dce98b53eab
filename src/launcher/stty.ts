import { spawnSync } from "node:child_process";

/**
 * Reads and sets terminal modes. Node's own raw mode leaves the output translation on (a bare LF of a full-screen program
 * would become CR LF), hence stty(1). It runs in a session of its own: a process that has no controlling terminal is never
 * stopped by SIGTTOU, wherever the shell's job control has put us.
 */
export interface TerminalState {
  /** The modes before, as `stty -g` prints and stty takes them. */
  readonly before: string;
  restore(): void;
  /** Raw once more, when somebody else has set it meanwhile. */
  renew(): void;
}

/** Raw, no echo; undefined when the descriptor is no terminal. */
export function makeRaw(descriptor: number): TerminalState | undefined {
  const before = stty(descriptor, ["-g"]);
  if (before === undefined || stty(descriptor, raw) === undefined) return undefined;
  return {
    before,
    restore: () => void stty(descriptor, [before]),
    renew: () => void stty(descriptor, raw),
  };
}

/** Whether Ctrl-C and Ctrl-Z are signals on this terminal now, and not just bytes. */
export function hasSignalKeys(descriptor: number): boolean {
  return /(^|\s)isig\b/.test(stty(descriptor, ["-a"]) ?? "");
}

/** Of the terminal on that descriptor; undefined where there is none. */
export function readSize(
  descriptor: number,
): { readonly columns: number; readonly rows: number } | undefined {
  const [rows, columns] = (stty(descriptor, ["size"]) ?? "").split(" ").map(Number);
  return rows === undefined || columns === undefined ? undefined : { columns, rows };
}

const raw: readonly string[] = ["raw", "-echo", "-tostop"];

function stty(descriptor: number, args: readonly string[]): string | undefined {
  const options = {
    stdio: [descriptor, "pipe" as const, "ignore" as const],
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    encoding: "utf8" as const,
    timeout: 5000,
    detached: true,
  };
  const { status, stdout } = spawnSync("stty", [...args], options);
  return status === 0 ? stdout.trim() : undefined;
}
