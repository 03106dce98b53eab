/** Wrong use, or a file that cannot be used: ends with status 2. Each problem says `file:line:column` where it has one. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}
