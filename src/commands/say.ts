/** To the person, beside what the command itself writes. */
export function say(line: string): void {
  process.stderr.write(`holdpoint: ${line}\n`);
}
