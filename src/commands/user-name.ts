/** Who answers, for the log. */
export function userName(): string {
  return process.env["USER"] ?? process.env["LOGNAME"] ?? `uid ${process.getuid?.() ?? "?"}`;
}
