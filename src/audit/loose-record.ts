/** A record as read back: any shape, since older and newer versions write the same files. */
export type LooseRecord = Readonly<Record<string, unknown>>;

/** Undefined for a line that is no JSON object: edited, or cut off. */
export function parseRecord(line: string): LooseRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is LooseRecord {
  return typeof value === "object" && value !== null;
}
