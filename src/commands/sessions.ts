import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WaitingQuestion } from "../broker/control-reply.js";
import { listSessionDirectories, sessionPlaces } from "../launcher/session-dir.js";
import type { Places } from "./places.js";
import { SessionLink } from "./session-link.js";

/** A question, and the session that it belongs to. */
export interface Asked {
  readonly link: SessionLink;
  readonly question: WaitingQuestion;
}

/** The running sessions of this user, wherever they were started. */
export class Sessions {
  private readonly links = new Map<string, SessionLink>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly places: Places,
    /** One session alone, where it is named. */
    private readonly only: string | undefined,
  ) {}

  /** Looks for new ones. */
  async look(): Promise<void> {
    const paths = listSessionDirectories(searched(this.places.home))
      .filter(({ id }) => this.only === undefined || id === this.only)
      .map(({ path }) => join(path, "control"))
      .filter((path) => !this.links.has(path) && existsSync(path));
    const found = await Promise.all(paths.map((path) => SessionLink.open(path)));
    for (const link of found) {
      if (link === undefined || link.isClosed) continue;
      this.links.set(link.path, link);
      link.onChange(() => {
        if (link.isClosed) this.links.delete(link.path);
        this.changed();
      });
    }
    if (found.some((link) => link !== undefined)) this.changed();
  }

  /** The oldest first. */
  get all(): readonly SessionLink[] {
    return [...this.links.values()].toSorted((a, b) => (a.session.started < b.session.started ? -1 : 1));
  }

  /** The oldest first, of whatever session. */
  get waiting(): readonly Asked[] {
    return this.all
      .flatMap((link) => link.waiting.map((question) => ({ link, question })))
      .toSorted((a, b) => (a.question.since < b.question.since ? -1 : 1));
  }

  /** Resolves at the next change, after a second at most: sessions that begin do not say so. */
  async changes(stop: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(done);
        stop.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, 1000);
      this.listeners.add(done);
      stop.addEventListener("abort", done);
      if (stop.aborted) done();
    });
    if (!stop.aborted) await this.look();
  }

  close(): void {
    for (const link of this.links.values()) link.close();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

export async function findSessions(places: Places, only?: string): Promise<Sessions> {
  const sessions = new Sessions(places, only);
  await sessions.look();
  return sessions;
}

/** `abcdefg/q1`: a question's name among those of all sessions. */
export function fullId({ link, question }: Asked): string {
  return `${link.session.id}/${question.id}`;
}

/** Each of them runs, or is refused, by itself. */
export function countCallers(asked: readonly Asked[]): number {
  let count = 0;
  for (const { question } of asked) for (const { callers } of question.commands) count += callers;
  return count;
}

/** By its full name, or by `q1` where no other session has one of that name. A string says why it is not to be had. */
export function findAsked(sessions: Sessions, id: string): Asked | string {
  const found = sessions.waiting.filter((each) => fullId(each) === id || each.question.id === id);
  const [first] = found;
  if (first === undefined) {
    const ids = sessions.waiting.map(fullId);
    return `no question "${id}" waits${ids.length === 0 ? "; none does" : `; these do: ${ids.join(", ")}`}`;
  }
  return found.length === 1 ? first : `"${id}" is one of several: ${found.map(fullId).join(", ")}`;
}

/** A login by ssh, or a session that a service started, may not have the same runtime directory in its environment. */
function searched(home: string): ReturnType<typeof sessionPlaces> {
  const places = sessionPlaces(process.env, home);
  const usual = `/run/user/${process.getuid?.() ?? 0}/holdpoint`;
  return places.some(({ folder }) => folder === usual) ? places : [...places, { folder: usual, prefix: "" }];
}
