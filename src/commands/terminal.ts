import { showQuoting } from "../prompt/visible.js";

/** Where a command's own words go. Passed in, so that a test can read them. */
export interface Terminal {
  /** Stdout is a terminal and NO_COLOR is not set. */
  readonly colour: boolean;
  /** Of the terminal on stdout; 80 where there is none. */
  readonly columns: number;
  readonly isTerminal: boolean;
  /** One line on stdout. */
  print(line: string): void;
  /** Resolves once what was printed need not be kept in memory any longer. */
  drained(): Promise<void>;
  /** One line on stderr, with the program's name in front. */
  error(message: string): void;
  onInterrupt(stop: () => void): void;
}

export function processTerminal(): Terminal {
  return {
    colour: process.stdout.isTTY === true && !process.env["NO_COLOR"],
    columns: process.stdout.columns || 80,
    isTerminal: process.stdout.isTTY === true,
    print: (line) => void process.stdout.write(`${line}\n`),
    drained: () =>
      process.stdout.writableNeedDrain
        ? new Promise((resolve) => void process.stdout.once("drain", resolve))
        : Promise.resolve(),
    error: (message) => void process.stderr.write(`holdpoint: ${showQuoting(message)}\n`),
    onInterrupt: (stop) => void process.once("SIGINT", stop),
  };
}
