/** A record as read back: any shape, since older and newer versions write the same files. */
export type LooseRecord = Readonly<Record<string, unknown>>;

/** Undefined for a line that is no JSON object: edited, or cut off. */
export function parseRecord(line: string): LooseRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}
