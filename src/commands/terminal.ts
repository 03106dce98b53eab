/** Where a command's own words go. Passed in, so that a test can read them. */
export interface Terminal {
  /** Stdout is a terminal and NO_COLOR is not set. */
  readonly colour: boolean;
  readonly columns: number;
  /** One line on stdout. */
  print(line: string): void;
  /** One line on stderr, with the program's name in front. */
  error(message: string): void;
  onInterrupt(stop: () => void): void;
}

export function processTerminal(): Terminal {
  return {
    colour: process.stdout.isTTY === true && !process.env["NO_COLOR"],
    columns: process.stdout.columns ?? 80,
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (message) => void process.stderr.write(`holdpoint: ${message}\n`),
    onInterrupt: (stop) => void process.once("SIGINT", stop),
  };
}
