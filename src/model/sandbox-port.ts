/** What is executed, and with which words: the program itself, or a script's interpreter. */
export interface HandedOut {
  /** What a shim gets the program for; undefined where the path leads to it. */
  readonly token?: string;
  readonly program: string;
  readonly argv: readonly string[];
}

/** What a broker asks of the session's sandbox. Processes go by the numbers that they have inside. */
export interface SandboxPort {
  isAlive(pid: number): boolean;
  isShell(pid: number): boolean;
  /** Whether a path leads to a shim inside. */
  covers(path: string): boolean;
  /** How a program is started whose path leads to a shim; undefined where it does not. */
  handOut(program: string, argv: readonly string[]): HandedOut | undefined;
  /** A call by which a program that was let run does a part of its own work. */
  isOwnWork(call: { readonly name: string; readonly pid: number; readonly parentPid: number }): boolean;
}
