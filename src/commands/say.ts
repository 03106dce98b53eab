import { showQuoting } from "../prompt/visible.js";

/** To the person, beside what the command itself writes. */
export function say(line: string): void {
  process.stderr.write(`holdpoint: ${showQuoting(line)}\n`);
}
