import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { headPath } from "./chain.js";

/** The two open files of a log. Each is written by its descriptor, which goes on into nothing once its name is gone. */
export class LogFiles {
  private constructor(
    readonly path: string,
    private logFile: number,
    private headFile: number,
    private readonly descriptors: string,
  ) {}

  /** Throws when they cannot be made, or are there already where they are to be new. `descriptors`: where the system shows open files. */
  static open(path: string, isNew: boolean, descriptors = "/proc/self/fd"): LogFiles {
    try {
      const log = openSync(path, isNew ? "ax" : "a", 0o600);
      const head = openSync(headPath(path), isNew ? "wx+" : "r+", 0o600);
      return new LogFiles(path, log, head, descriptors);
    } catch (error) {
      throw new Error(`cannot open the audit log "${path}"; without one nothing is run`, { cause: error });
    }
  }

  get log(): number {
    return this.logFile;
  }

  get head(): number {
    return this.headFile;
  }

  get headPath(): string {
    return headPath(this.path);
  }

  /** What became of a file's name, as the end of a sentence; undefined where all is as it was. */
  gone(): string | undefined {
    return missing(this.path, fstatSync(this.log)) ?? missing(this.headPath, fstatSync(this.head));
  }

  /**
   * Puts back what is gone, and says how. A deleted log is still whole behind its descriptor, where the system lets that be
   * copied; else the new one goes on in the chain without the records before. What somebody put in its place stays beside
   * it. Throws when it cannot be put back: then nothing may run.
   */
  putBack(head: string): string {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const isLost = missing(this.path, fstatSync(this.log)) !== undefined;
    const isCopied = isLost && this.putLogBack();
    if (missing(this.headPath, fstatSync(this.head)) !== undefined) {
      setAside(this.headPath);
      const file = openSync(this.headPath, "wx+", 0o600);
      closeSync(this.headFile);
      this.headFile = file;
      writeSync(file, head, 0, "latin1");
    }
    return isLost && !isCopied ? "put back without the records before" : "put back";
  }

  private putLogBack(): boolean {
    const isCopied = existsSync(this.descriptors);
    const fresh = `${this.path}.new`;
    rmSync(fresh, { force: true });
    if (isCopied) copyFileSync(join(this.descriptors, String(this.logFile)), fresh, constants.COPYFILE_EXCL);
    const file = openSync(fresh, isCopied ? "a" : "ax", 0o600);
    setAside(this.path);
    renameSync(fresh, this.path);
    closeSync(this.logFile);
    this.logFile = file;
    return isCopied;
  }

  close(): void {
    closeSync(this.log);
    closeSync(this.head);
  }
}

function missing(path: string, open: Stats): string | undefined {
  const there = open.nlink === 0 ? undefined : statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return `"${path}" was deleted or moved away`;
  return there.ino === open.ino && there.dev === open.dev ? undefined : `"${path}" was replaced`;
}

/** An edited copy (`sed -i`) is somebody's work, and evidence. */
function setAside(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) rmSync(path, { force: true });
  else renameSync(path, `${path}.replaced`);
}
