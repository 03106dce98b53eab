import { fstatSync, readSync, type Stats, statSync } from "node:fs";

/** Looks, between two records, whether somebody else had a hand in the writer's own files. Never throws. */
export class FileWatch {
  /** Of the log when the last record was put on disk; undefined once others were written without looking. */
  private modified: number | undefined;
  private isGone = false;

  constructor(
    private readonly path: string,
    private readonly log: number,
    private readonly headFile: string,
    private readonly head: number,
  ) {}

  /** Right after a record came to be on disk. */
  note(): void {
    this.modified = fstatSync(this.log).mtimeMs;
  }

  /** A record follows that nobody looks at the clock for. */
  forget(): void {
    this.modified = undefined;
  }

  /** What was done to the files, as the end of a sentence: the log is expected to be that long, the head to say this. */
  look(size: number, head: string): string | undefined {
    try {
      const found = fstatSync(this.log);
      const gone = missing(this.path, found) ?? missing(this.headFile, fstatSync(this.head));
      if (gone !== undefined) {
        // It stays so: told once.
        const isNew = !this.isGone;
        this.isGone = true;
        return isNew ? gone : undefined;
      }
      if (found.size !== size)
        return `"${this.path}" ${found.size < size ? "was cut" : "was added to"} by somebody else`;
      if (this.modified !== undefined && found.mtimeMs !== this.modified)
        return `"${this.path}" was written to by somebody else`;
      return head === read(this.head, head.length) ? undefined : `"${this.headFile}" was changed`;
    } catch (cause) {
      return `"${this.path}" cannot be looked at (${cause instanceof Error ? cause.message : String(cause)})`;
    }
  }

  /** How long the log is now. */
  size(): number {
    return fstatSync(this.log).size;
  }
}

function missing(path: string, open: Stats): string | undefined {
  const there = open.nlink === 0 ? undefined : statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return `"${path}" was deleted or moved away`;
  return there.ino === open.ino && there.dev === open.dev ? undefined : `"${path}" was replaced`;
}

function read(file: number, length: number): string {
  const bytes = Buffer.alloc(length + 1);
  return bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, 0));
}
