import * as v from "valibot";

/** Cuts a stream into lines; throws beyond the limit. */
export class LineReader {
  private rest = "";

  constructor(private readonly limit: number) {}

  push(chunk: string): readonly string[] {
    // Byte by byte, a long line would else be gone through again with each of them.
    const [first = "", ...others] = chunk.split("\n");
    this.rest += first;
    const lines: string[] = [];
    for (const other of others) {
      this.check();
      lines.push(this.rest);
      this.rest = other;
    }
    this.check();
    return lines;
  }

  private check(): void {
    if (this.rest.length > this.limit) throw new Error("a line without an end");
  }
}

/** Undefined for what is none of these. */
export function parseLine<T>(schema: v.GenericSchema<unknown, T>, line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const result = v.safeParse(schema, value);
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
