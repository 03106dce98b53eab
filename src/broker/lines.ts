import { randomBytes } from "node:crypto";
import { newReleased, type Released } from "./grants.js";

/** A judged line, script or approved program, while its process lives: what its subtree may use. */
export interface Line {
  readonly token: string;
  readonly outer: Line | undefined;
  /** The token is the shell's own: it takes commands from its standard input, and wants to know of refusals. */
  readonly isShells: boolean;
  readonly released: Released;
  /** The text that the shell's own start-up hook may present once without a new judgement. */
  awaited: string | undefined;
}

interface Entry {
  readonly line: Line;
  readonly pid: number;
  readonly isVisible: boolean;
  readonly since: number;
}

export interface LinesOptions {
  readonly now: () => number;
  readonly isAlive: (pid: number) => boolean;
  readonly makeToken?: () => string;
  /** A call below a shell that made this token itself was refused. */
  readonly onRefused: (token: string) => void;
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
    const known = this.entries.get(token)?.line;
    if (known !== undefined) return known;
    const own = token.length > 200 ? null : ownToken.exec(token);
    return own === null ? undefined : makeLine(token, this.find(own[1]), true, undefined);
  }

  open(pid: number, outer: Line | undefined, awaited: string | undefined): Line {
    const token = this.options.makeToken?.() ?? randomBytes(9).toString("base64url");
    return this.add(makeLine(token, outer, false, awaited), pid);
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
    return true;
  }

  /** What a call below this line may draw on, the nearest first. */
  boxes(line: Line | undefined): readonly Released[] {
    const boxes = this.loose.map((each) => each.released);
    for (const each of chain(line).toReversed()) boxes.unshift(each.released);
    return boxes;
  }

  /** Something below this line was refused. */
  refuse(line: Line | undefined): void {
    for (const each of chain(line)) if (each.isShells) this.options.onRefused(each.token);
  }

  private add(line: Line, pid: number): Line {
    this.sweep();
    const { now, isAlive } = this.options;
    this.entries.set(line.token, { line, pid, isVisible: isAlive(pid), since: now() });
    return line;
  }

  private sweep(): void {
    const now = this.options.now();
    if (now - this.sweptAt < 3000) return;
    this.sweptAt = now;
    for (const [token, entry] of this.entries) {
      const isOver = entry.isVisible ? !this.options.isAlive(entry.pid) : now - entry.since > longest;
      if (!isOver) continue;
      this.entries.delete(token);
      this.loose = this.loose.filter((line) => line !== entry.line);
    }
  }
}

export function isProcessAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** `stdin.PID.DIGITS.UNIT`, behind the token of the line around it where there is one. It becomes part of a file's name. */
const ownToken = /^(?:([\w.-]+)\.)?stdin\.[0-9]{1,10}\.[0-9]{1,30}(?:\.[0-9]{1,20})?$/;

function makeLine(
  token: string,
  outer: Line | undefined,
  isShells: boolean,
  awaited: string | undefined,
): Line {
  return { token, outer, isShells, released: newReleased(), awaited };
}

const longest = 60 * 60 * 1000;

function chain(line: Line | undefined): readonly Line[] {
  const list: Line[] = [];
  for (let at = line; at !== undefined; at = at.outer) list.push(at);
  return list;
}
