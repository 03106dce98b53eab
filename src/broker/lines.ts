import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { newReleased, type Released } from "./grants.js";
import type { JudgedMarks } from "./judged-marks.js";
import type { ShimCall } from "./protocol.js";

/** A judged line, script or approved program, while its process lives: what its subtree may use. */
export interface Line {
  readonly token: string;
  readonly outer: Line | undefined;
  /** The token is the shell's own: it takes commands from its standard input, and wants to know of refusals. */
  readonly isShells: boolean;
  /** The text of a `-c`, which a refusal ends. */
  readonly isText: boolean;
  /** Shells of this text that had a call refused. */
  readonly refusedIn: Set<number>;
  readonly released: Released;
  /** The text that the shell's own start-up hook may present once without a new judgement. */
  awaited: string | undefined;
  /** The hook can tell so by itself, once: from a mark. */
  isMarked: boolean;
}

interface Entry {
  readonly line: Line;
  readonly pid: number;
  readonly isVisible: boolean;
  readonly since: number;
}

/** What is asked about the processes behind lines. `now`: milliseconds of a clock that only goes forward. */
export interface LinesOptions {
  readonly now: () => number;
  readonly isAlive: (pid: number) => boolean;
  /** Whether that process is a shell just now, and no program that a shell became. */
  readonly isShell: (pid: number) => boolean;
  readonly makeToken?: () => string;
  /** A call below a shell that made this token itself was refused. */
  readonly onRefused: (token: string) => void;
  /** Left out: every shell asks. */
  readonly marks?: JudgedMarks;
}

/**
 * Lines by the token that stands in their environment as HOLDPOINT_LINE. Never by pid: a sandbox has its own pid
 * namespace. The pid only tells when a line is over, and only if it was visible from here to begin with.
 */
export class Lines {
  private readonly entries = new Map<string, Entry>();
  /** Lines whose shell carries no token: their grants are open to the whole session while that shell lives. */
  private loose: readonly Line[] = [];
  private sweptAt = 0;

  constructor(private readonly options: LinesOptions) {}

  /** The line of a token. One that a shell made for itself is a line that nothing was released for yet. */
  find(token: string | undefined): Line | undefined {
    if (token === undefined) return undefined;
    const known = this.entries.get(token);
    if (known !== undefined) {
      // The least used comes to stand first.
      this.entries.delete(token);
      this.entries.set(token, known);
      return known.line;
    }
    const own = token.length > 200 ? null : ownToken.exec(token);
    if (own === null) return undefined;
    return makeLine(token, this.find(own[1]), { isShells: true, isText: own[2] === "text" }, undefined);
  }

  open(pid: number, outer: Line | undefined, awaited: string | undefined, isText = false): Line {
    const token = this.options.makeToken?.() ?? randomBytes(9).toString("base64url");
    return this.add(makeLine(token, outer, { isShells: false, isText }, awaited), pid);
  }

  /** So that the bash which this call becomes need not ask about its text. `path`: its PATH. */
  mark(line: Line, call: ShimCall, path: string): void {
    if (line.isText && line.awaited !== undefined)
      line.isMarked = this.options.marks?.leave(line.token, call, path, line.awaited) ?? false;
  }

  /** The line of a shell that only its hook reports, so that something can be released for it. */
  adopt(token: string | undefined, pid: number): Line {
    const known = this.find(token);
    if (known !== undefined) return this.entries.has(known.token) ? known : this.add(known, pid);
    const line = this.open(pid, undefined, undefined);
    this.loose = [...this.loose, line];
    return line;
  }

  /** True once: when this is the text that was judged before the shell started. */
  present(token: string | undefined, text: string): boolean {
    const line = this.find(token);
    if (line === undefined || line.awaited !== text) return false;
    line.awaited = undefined;
    return !line.isMarked || this.takeMark(line);
  }

  /** What a call below this line may draw on, the nearest first. */
  boxes(line: Line | undefined): readonly Released[] {
    const boxes = this.loose.map((each) => each.released);
    for (const each of chain(line).toReversed()) boxes.unshift(each.released);
    return boxes;
  }

  /** Something below this line was refused, to a child of the process `parent`. */
  refuse(line: Line | undefined, parent: number): void {
    for (const each of chain(line)) if (each.isShells && !each.isText) this.options.onRefused(each.token);
    if (line?.isText !== true || !this.options.isShell(parent)) return;
    line.refusedIn.add(parent);
    if (!this.entries.has(line.token)) this.add(line, parent);
  }

  /**
   * Whether a shell goes on with a text of which one part was refused: `rm -rf "$(choose)" || true; mv new out`. Told by
   * the shell itself, for what it started long before carries the same token. The last command takes the shell's own place.
   */
  isOver(
    line: Line | undefined,
    { pid, parentPid }: { readonly pid: number; readonly parentPid: number },
  ): boolean {
    return line !== undefined && (line.refusedIn.has(parentPid) || line.refusedIn.has(pid));
  }

  private add(line: Line, pid: number): Line {
    this.sweep();
    if (this.entries.size >= mostLines) this.forgetOne();
    const { now, isAlive } = this.options;
    this.entries.set(line.token, { line, pid, isVisible: isAlive(pid), since: now() });
    return line;
  }

  private takeMark(line: Line): boolean {
    line.isMarked = false;
    return this.options.marks?.take(line.token) ?? false;
  }

  /** Nobody tells when a line of a sandbox is over, and a build in one starts a hundred thousand. What was released for it is asked again. */
  private forgetOne(): void {
    for (const [token, { line, isVisible }] of this.entries) {
      if (isVisible) continue;
      this.drop(token, line);
      return;
    }
  }

  private drop(token: string, line: Line): void {
    if (line.isMarked) this.takeMark(line);
    this.entries.delete(token);
    if (this.loose.includes(line)) this.loose = this.loose.filter((each) => each !== line);
  }

  private sweep(): void {
    const now = this.options.now();
    if (now - this.sweptAt < 3000) return;
    this.sweptAt = now;
    for (const [token, entry] of this.entries) {
      const isOver = entry.isVisible ? !this.options.isAlive(entry.pid) : now - entry.since > longest;
      if (isOver) this.drop(token, entry.line);
    }
  }
}

/** Whether there is one of that number in this pid namespace, another user's too (EPERM). */
export function isProcessAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** False too where the system does not tell. */
export function isShellProcess(pid: number): boolean {
  try {
    return /^(ba|da|z|fi)?sh$/.test(readFileSync(`/proc/${pid}/comm`, "utf8").trim());
  } catch {
    return false;
  }
}

/**
 * `stdin.PID.DIGITS.UNIT`, behind the token of the line around it where there is one (it becomes part of a file's name), or
 * `text.PID.DIGITS`, of a shell with a text that no shim has given a token.
 */
const ownToken = /^(?:([\w.-]+)\.)?(stdin|text)\.[0-9]{1,10}\.[0-9]{1,30}(?:\.[0-9]{1,20})?$/;

function makeLine(
  token: string,
  outer: Line | undefined,
  kind: { readonly isShells: boolean; readonly isText: boolean },
  awaited: string | undefined,
): Line {
  return { token, outer, ...kind, refusedIn: new Set(), released: newReleased(), awaited, isMarked: false };
}

const longest = 60 * 60 * 1000;
const mostLines = 20_000;

function chain(line: Line | undefined): readonly Line[] {
  const list: Line[] = [];
  for (let at = line; at !== undefined; at = at.outer) list.push(at);
  return list;
}
