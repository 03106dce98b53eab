import { fstatSync, readSync } from "node:fs";
import type { LogFiles } from "./log-files.js";

/** Looks, between two records, whether somebody else had a hand in the writer's own files. Never throws. */
export class FileWatch {
  /** Of the log when the last record was put on disk; undefined once others were written without looking. */
  private modified: number | undefined;

  constructor(private readonly files: LogFiles) {}

  /** Right after a record came to be on disk. */
  note(): void {
    this.modified = fstatSync(this.files.log).mtimeMs;
  }

  /** A record follows that nobody looks at the clock for. */
  forget(): void {
    this.modified = undefined;
  }

  /** What was done to the files, as the end of a sentence: the log is expected to be that long, the head to say this. */
  look(size: number, head: string): Change | undefined {
    const { files } = this;
    const { path } = files;
    try {
      const gone = files.gone();
      if (gone !== undefined) return { words: gone, isGone: true };
      const found = fstatSync(files.log);
      if (found.size !== size)
        return told(`"${path}" ${found.size < size ? "was cut" : "was added to"} by somebody else`);
      if (this.modified !== undefined && found.mtimeMs !== this.modified)
        return told(`"${path}" was written to by somebody else`);
      return head === read(files.head, head.length) ? undefined : told(`"${files.headPath}" was changed`);
    } catch (cause) {
      return told(
        `"${path}" cannot be looked at (${cause instanceof Error ? cause.message : String(cause)})`,
      );
    }
  }

  /** How long the log is now. */
  size(): number {
    return fstatSync(this.files.log).size;
  }
}

/** Somebody else's hand in the writer's files. */
export interface Change {
  readonly words: string;
  /** A file has lost its name: what is written goes nowhere. */
  readonly isGone: boolean;
}

function told(words: string): Change {
  return { words, isGone: false };
}

function read(file: number, length: number): string {
  const bytes = Buffer.alloc(length + 1);
  return bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, 0));
}
