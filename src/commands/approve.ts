import { closeSync, openSync } from "node:fs";
import { terminalScreens } from "../launcher/terminal-screen.js";
import { jsonText } from "../model/json-text.js";
import type { Answer, Hear, Question } from "../model/question.js";
import { createAsker } from "../prompt/asker.js";
import { allowPhrase } from "../prompt/phrase.js";
import { cutMiddle, textWidth } from "../prompt/width.js";
import { denyAll, denyNamed, refusal } from "./denials.js";
import type { Places } from "./places.js";
import type { SessionLink } from "./session-link.js";
import { type Asked, countCallers, findAsked, findSessions, fullId, type Sessions } from "./sessions.js";
import type { Terminal } from "./terminal.js";
import { userName } from "./user-name.js";
import { commandText, visible, waitingJson, waitingLines } from "./waiting-list.js";

/** What `holdpoint approve` was given. */
export interface ApproveOptions {
  /** Only this question. */
  readonly id?: string;
  /** Only of this session. */
  readonly session?: string;
  readonly json?: true;
  readonly follow?: true;
  readonly once?: true;
  readonly deny?: readonly string[];
  readonly allDeny?: true;
}

/** Answers for running sessions from another terminal. 0; 1 when something could not be answered. */
export async function approve(options: ApproveOptions, places: Places, terminal: Terminal): Promise<number> {
  const stop = new AbortController();
  terminal.onInterrupt(() => stop.abort());
  const sessions = await findSessions(places, options.session);
  try {
    if (options.json === true)
      return await printJson(sessions, options.follow === true, stop.signal, terminal);
    if (options.deny !== undefined || options.allDeny === true)
      return await denyNamed(sessions, options, terminal);
    return await new Approver(sessions, terminal, stop).work(options);
  } finally {
    sessions.close();
  }
}

async function printJson(
  sessions: Sessions,
  follow: boolean,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  const text = () => {
    const document = { waiting: sessions.waiting.map(waitingJson) };
    return follow ? jsonText(document) : jsonText(document, 2);
  };
  let last = text();
  terminal.print(last);
  while (follow && !stop.aborted) {
    await sessions.changes(stop);
    const now = text();
    if (now === last || stop.aborted) continue;
    terminal.print(now);
    last = now;
  }
  return 0;
}

/** A person at a terminal, who is shown one card after the other. */
class Approver {
  /** Sessions that this terminal may not answer for. */
  private readonly closed = new Set<SessionLink>();
  private readonly knocked = new Set<SessionLink>();
  /** Left to others, by the person. */
  private said = "";

  constructor(
    private readonly sessions: Sessions,
    private readonly terminal: Terminal,
    private readonly stop: AbortController,
  ) {}

  async work({ id, once }: ApproveOptions): Promise<number> {
    if (!hasTerminal()) {
      this.terminal.error("answering needs a terminal; without one: holdpoint approve --json, --deny ID");
      return 1;
    }
    await this.knock();
    if (this.sessions.all.length > 0 && this.closed.size === this.sessions.all.length) return 1;
    if (id !== undefined) return this.answerOne(id);
    for (const line of waitingLines(this.open, this.terminal.columns)) this.terminal.print(line);
    while (!this.stop.signal.aborted) {
      const [next] = this.open;
      if (next !== undefined) {
        if (!(await this.answer(next, () => this.behind(next)))) return 0;
        continue;
      }
      this.sayIdle(once === true);
      if (once === true) return 0;
      await this.sessions.changes(this.stop.signal);
      await this.knock();
    }
    return 0;
  }

  private get open(): readonly Asked[] {
    return this.sessions.waiting.filter(({ link }) => this.knocked.has(link) && !this.closed.has(link));
  }

  private behind(asked: Asked): readonly Asked[] {
    return this.open.filter(({ link, question }) => link !== asked.link || question.id !== asked.question.id);
  }

  private async answerOne(id: string): Promise<number> {
    const asked = findAsked(this.sessions, id);
    if (typeof asked === "string") {
      this.terminal.error(asked);
      return 1;
    }
    await this.answer(asked, () => []);
    return 0;
  }

  /** Before anyone reads a card: whether this terminal may answer there at all. */
  private async knock(): Promise<void> {
    for (const link of this.sessions.all) {
      if (this.knocked.has(link)) continue;
      this.knocked.add(link);
      const reply = await link.ask({ do: "knock" });
      if (reply?.is === "refused") this.refuse(link, reply.reason);
    }
  }

  private refuse(link: SessionLink, reason: string): void {
    this.closed.add(link);
    this.terminal.error(refusal(link, reason));
  }

  /** False when the person wants to leave. `behind`: what else waits for them. */
  private async answer(asked: Asked, behind: () => readonly Asked[]): Promise<boolean> {
    const { link, question } = asked;
    const opened = await link.ask({ do: "open", question: question.id });
    if (opened?.is === "refused") this.refuse(link, opened.reason);
    if (opened?.is !== "card") {
      // The list that comes next is without it.
      await this.sessions.changes(this.stop.signal);
      return true;
    }
    const answer = await this.show(asked, opened, behind);
    if (answer.decision === "deny" && answer.cause === "nobody") {
      this.terminal.print(`left ${fullId(asked)} waiting`);
      return false;
    }
    if (answer.decision === "deny" && answer.cause !== "human") {
      this.terminal.print(`over ${fullId(asked)}: answered elsewhere, timed out, or its caller went away`);
      return true;
    }
    if (answer.decision === "deny" && answer.all === true) {
      this.terminal.print(`denied all: ${await denyAll([asked, ...behind()])}`);
      return true;
    }
    const said =
      answer.decision === "allow"
        ? await link.ask({
            do: "allow",
            question: question.id,
            grant: answer.grant,
            phrase: allowPhrase(opened.question.typed, opened.word) ?? "",
          })
        : await link.ask({
            do: "deny",
            question: question.id,
            ...(answer.reason === undefined ? {} : { reason: answer.reason }),
          });
    this.sayAnswer(asked, answer, said?.is ?? "over");
    if (said?.is === "refused") this.refuse(link, said.reason);
    return true;
  }

  /** The session's own card, on this terminal; taken away when somebody else answers. */
  private async show(
    { link, question }: Asked,
    { question: whole, word }: { readonly question: Question; readonly word: string },
    behind: () => readonly Asked[],
  ): Promise<Answer> {
    const over = new AbortController();
    const counted = () => ({ ...whole, behind: countCallers(behind()) });
    let hear: Hear = () => {};
    const off = link.onChange(() => {
      if (!link.waiting.some(({ id }) => id === question.id)) over.abort();
      else hear(counted(), "behind");
    });
    const asker = createAsker({
      openScreen: terminalScreens(ownTerminal),
      where: "approve",
      by: userName(),
      challenge: true,
      word,
      canLeave: true,
      colour: !process.env["NO_COLOR"],
      // The session did that, which alone knows its secrets.
      redact: (text) => text,
    });
    try {
      return await asker.ask(counted(), AbortSignal.any([over.signal, this.stop.signal]), (given) => {
        hear = given;
      });
    } finally {
      off();
    }
  }

  private sayAnswer(asked: Asked, answer: Answer, outcome: string): void {
    const what =
      answer.decision === "deny"
        ? "denied"
        : answer.grant === "once"
          ? "allowed once"
          : "allowed for the session";
    const front = `${outcome === "answered" ? what : `not ${what}, it is over:`} ${fullId(asked)}: `;
    const room = Math.max(20, this.terminal.columns - textWidth(front));
    this.terminal.print(`${front}${cutMiddle(commandText(asked), room)}`);
  }

  private sayIdle(isOnce: boolean): void {
    const names = this.sessions.all.map(({ session }) => `${session.id} (${visible(session.label)})`);
    const what =
      names.length === 0
        ? "no session is running; to start one: holdpoint -- COMMAND"
        : `nothing waits in ${names.join(", ")}`;
    const line = isOnce ? what : `${what}. Waiting for questions; Ctrl-C ends.`;
    if (line !== this.said) this.terminal.print(line);
    this.said = line;
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync(ownTerminal, "r+"));
    return true;
  } catch {
    return false;
  }
}

/** The controlling one: that is what the session looks at. */
const ownTerminal = "/dev/tty";
