import type { Socket } from "node:net";
import type { Standing } from "../model/approver.js";
import { assertNever } from "../model/assert-never.js";
import type { Question } from "../model/question.js";
import { LineReader } from "./control-lines.js";
import type { ControlReply, SessionFacts, WaitingQuestion } from "./control-reply.js";
import { type ControlRequest, parseRequest } from "./control-request.js";
import { askedEffects, grantKey } from "./grants.js";
import type { Questions, Waiting } from "./questions.js";

/** What other terminals are told of a session, and how they are known. */
export interface ControlOptions {
  readonly session: SessionFacts;
  /** Whether the other end of the socket may answer for the human. Never rejects. */
  readonly identify: (socket: Socket, needsTerminal: boolean) => Promise<Standing>;
  /** How a question looks from elsewhere: secrets taken out. */
  readonly show: Showing;
  /** For the log: the user's name. */
  readonly by: string;
  /** Ends the session's command. */
  readonly end: () => void;
  /** An alert in the log. */
  readonly alert: (reason: string) => void;
}

/** A question as other terminals are shown it: without its secrets. */
export interface Showing {
  /** The whole question, for a card. */
  card(question: Question): Question;
  /** What would happen, in words. */
  effects(question: Question): readonly string[];
  command(text: string): string;
  /** What was looked up. */
  found(question: Question): readonly string[];
  makeWord(): string;
  /** What has to be typed to allow it. */
  phrase(question: Question, word: string): string | undefined;
}

/**
 * One approver's connection, or what an agent's program says instead: it may ask and never read, ask without end, say nothing.
 * None of that may grow the broker. A class, for it lives as long as that. */
export class ControlDesk {
  private readonly lines = new LineReader(longestLine);
  /** Cards that this very connection was given, and what allows them: once, and only what the card showed. */
  private readonly cards = new Map<string, { readonly phrase: string; readonly keys: ReadonlySet<string> }>();
  private isWatching = false;
  /** Whether it was let in: then others may not push it out. */
  private isKnown = false;
  private asked = 0;
  private queued = 0;
  private refusals = 0;
  private telling: NodeJS.Timeout | undefined;
  private isBehind = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly questions: Questions | undefined,
    private readonly options: ControlOptions,
  ) {
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => this.take(String(chunk)));
    const off = questions?.onChange(() => this.tellSoon());
    const silent = setTimeout(() => this.asked === 0 && socket.destroy(), silence).unref();
    socket.on("close", () => {
      off?.();
      clearTimeout(silent);
      clearTimeout(this.telling);
    });
  }

  get isWelcome(): boolean {
    return this.isKnown;
  }

  private take(chunk: string): void {
    try {
      for (const line of this.lines.push(chunk)) {
        const request = parseRequest(line);
        if (request === undefined) throw new Error("not a request");
        if (this.queued >= mostQueued) throw new Error("more requests than anybody has");
        this.asked += 1;
        this.queued += 1;
        // One after the other: an answer waits for the look at who gives it.
        this.work = this.work
          .then(() => (this.socket.destroyed ? undefined : this.serve(request)))
          .catch(() => void this.socket.destroy())
          .finally(() => {
            this.queued -= 1;
          });
      }
    } catch {
      this.socket.destroy();
    }
  }

  private async serve(request: ControlRequest): Promise<void> {
    switch (request.do) {
      case "watch":
        this.isWatching = true;
        this.send({ is: "session", session: this.options.session });
        this.tell();
        return;
      case "knock":
        if ((await this.standing(true, "answer questions")).ok) this.send({ is: "welcome" });
        return;
      case "open":
        return this.open(request.question);
      case "allow":
        return this.allow(request);
      case "deny":
        return this.deny(request);
      case "end": {
        const standing = await this.standing(false, "end the session");
        if (!standing.ok) return;
        this.send({ is: "ending" });
        this.options.end();
        return;
      }
      default:
        return assertNever(request);
    }
  }

  private async open(id: string): Promise<void> {
    const standing = await this.standing(true, `answer ${id}`);
    if (!standing.ok) return;
    const { show } = this.options;
    // This card is not drawn again.
    await this.questions?.looked(id);
    const question = this.questions?.open(id);
    const word = show.makeWord();
    const phrase = question === undefined ? undefined : show.phrase(question, word);
    if (question === undefined || phrase === undefined) return this.send({ is: "over", question: id });
    this.cards.set(id, { phrase, keys: keysOf(question) });
    this.send({ is: "card", question: show.card(question), word });
  }

  private async allow(request: ControlRequest & { readonly do: "allow" }): Promise<void> {
    const { question: id, grant, phrase } = request;
    const card = this.cards.get(id);
    // One try a card: a word is not to be guessed at.
    this.cards.delete(id);
    const standing = await this.standing(true, `allow ${id}`);
    if (!standing.ok) return;
    if (card === undefined || card.phrase !== phrase)
      return this.send({ is: "refused", reason: `what was typed does not allow ${id}` });
    const now = this.questions?.waiting().find((each) => each.question.id === id);
    if (now === undefined || [...keysOf(now.question)].some((key) => !card.keys.has(key)))
      return this.send({ is: "over", question: id });
    this.answered(
      id,
      this.questions?.answer(id, { decision: "allow", grant, by: this.options.by, how: howOf(standing) }),
    );
  }

  private async deny({ question, reason, all }: ControlRequest & { readonly do: "deny" }): Promise<void> {
    const standing = await this.standing(false, `deny ${question}`);
    if (!standing.ok) return;
    const { by } = this.options;
    const answer = { decision: "deny", cause: "human", by, how: howOf(standing), reason } as const;
    this.answered(question, this.questions?.answer(question, all === true ? { ...answer, all } : answer));
  }

  private answered(question: string, isFirst: boolean | undefined): void {
    this.send(isFirst === true ? { is: "answered", question } : { is: "over", question });
  }

  private async standing(needsTerminal: boolean, what: string): Promise<Standing> {
    const standing = await this.options.identify(this.socket, needsTerminal);
    if (standing.ok) this.isKnown = true;
    else {
      this.options.alert(`somebody was not let ${what.slice(0, 100)}: ${standing.reason}`);
      this.send({ is: "refused", reason: standing.reason });
      this.refusals += 1;
      if (this.refusals >= mostRefusals) this.socket.destroySoon();
    }
    return standing;
  }

  /** A thousand that are answered at once are one change to whoever watches. */
  private tellSoon(): void {
    if (!this.isWatching || this.telling !== undefined) return;
    this.telling = setTimeout(() => {
      this.telling = undefined;
      this.tell();
    }, 20).unref();
  }

  private tell(): void {
    if (!this.isWatching) return;
    // Thousands may wait, and who reads slowly is told the newest once it has read.
    if (this.socket.writableLength > unread) {
      if (this.isBehind) return;
      this.isBehind = true;
      this.socket.once("drain", () => {
        this.isBehind = false;
        this.tell();
      });
      return;
    }
    const waiting = this.questions?.waiting() ?? [];
    this.send({ is: "waiting", questions: waiting.map((each) => this.summary(each)) });
  }

  private summary({ question, since }: Waiting): WaitingQuestion {
    const { show } = this.options;
    const matches = question.items.flatMap(({ judgement }) => judgement.matches);
    return {
      id: question.id,
      since: new Date(since).toISOString(),
      deadline: new Date(question.deadline).toISOString(),
      severity: worst(question),
      effects: [...show.effects(question)],
      commands: question.items.map(({ text, cwd, callers }) => ({ text: show.command(text), cwd, callers })),
      rules: [...new Set(matches.filter(({ verdict }) => verdict !== "allow").map(({ rule }) => rule))],
      found: [...show.found(question)],
      looking: question.items.some(({ previews }) => previews?.isLooking === true),
    };
  }

  private send(reply: ControlReply): void {
    if (this.socket.destroyed) return;
    // It asks, or watches, and does not read.
    if (this.socket.writableLength > mostUnread) this.socket.destroy();
    else this.socket.write(`${JSON.stringify(reply)}\n`);
  }
}

/** Characters. */
const longestLine = 65_536;
/** Milliseconds. */
const silence = 10_000;
const mostQueued = 50;
/** A terminal that may not answer is told once; a person tries again, in another one. */
const mostRefusals = 10;
/** Bytes: from the first on only the newest is told, at the second whoever asks on and never reads is let go. */
const unread = 1 << 20;
const mostUnread = 4 << 20;

function keysOf(question: Question): ReadonlySet<string> {
  return new Set(question.items.flatMap(({ judgement }) => askedEffects(judgement).map(grantKey)));
}

function worst(question: Question): string {
  const order = ["critical", "high", "medium", "low"];
  return (
    order.find((severity) => question.items.some(({ judgement }) => judgement.severity === severity)) ??
    "info"
  );
}

function howOf(standing: Standing & { readonly ok: true }): string {
  return `approve, ${standing.terminal ?? `process ${standing.pid}`}`;
}
