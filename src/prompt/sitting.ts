import type { Question } from "../model/question.js";
import type { Screen } from "../model/screen.js";
import { type Card, composeCard } from "./card.js";
import { type Dialog, firstDialog, pressKey } from "./dialog.js";
import { entryOf } from "./entry.js";
import { type Key, KeyReader } from "./keys.js";
import { allowPhrase, isTypeable, makeWord } from "./phrase.js";

export interface SittingOptions {
  readonly colour: boolean;
  /** Whether something else than the human could put keys into the terminal: then an allow needs a random word. */
  readonly challenge: boolean;
  /** That word, where whoever waits for the answer has made it. */
  readonly word?: string;
  /** The question waits on without this terminal: `q` and Ctrl-C leave it to others. */
  readonly canLeave?: boolean;
  /** Takes secrets out of what is shown. */
  readonly redact: (text: string) => string;
}

/** Why no human decided. */
export type Absence = "time-out" | "nobody" | "caller-gone" | "failure";

export type End =
  | { readonly kind: "allow"; readonly grant: "once" | "session"; readonly how: string }
  | {
      readonly kind: "deny";
      readonly how: string;
      readonly reason: string | undefined;
      readonly all: boolean;
    }
  | { readonly kind: "absent"; readonly cause: Absence };

/** One card on one screen, from its first drawing to its answer. */
export class Sitting {
  private readonly keys = new KeyReader();
  private readonly word: string | undefined;
  private readonly phrase: string | undefined;
  private dialog: Dialog = firstDialog;
  private drawn: readonly string[] = [];
  private card: Card | undefined;
  private shownAt: number | undefined;
  private ignoredAt = Number.NEGATIVE_INFINITY;
  private isOver = false;
  private ticker: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private question: Question,
    private readonly screen: Screen,
    private readonly options: SittingOptions,
    private readonly onEnd: (end: End) => void,
  ) {
    const { typed } = question;
    // A name that no keyboard could type is replaced by a word, so that the human is neither locked out nor let off.
    const needsWord = options.challenge || (typed !== undefined && !isTypeable(typed));
    this.word = options.word ?? (needsWord ? makeWord() : undefined);
    this.phrase = allowPhrase(typed, this.word);
  }

  start(): void {
    this.screen.listen({
      onBytes: (bytes) => this.guard(() => this.take(this.keys.feed(bytes))),
      onResize: () => this.guard(() => this.drawAll()),
      onLost: () => this.end({ kind: "absent", cause: "nobody" }),
    });
    this.guard(() => {
      this.screen.write(bell);
      this.drawAll(() => {
        this.shownAt = performance.now();
      });
      this.ticker = setInterval(() => this.guard(() => this.tick()), 250);
    });
  }

  /** More is known of the same question. What nobody has read yet is not answered by a key that was meant for less. */
  update(question: Question, what: "found" | "behind"): void {
    this.guard(() => {
      this.question = question;
      // The next tick draws how many wait: keys go on to count, however many come.
      if (what === "behind") return;
      this.draw(() => {
        if (this.dialog.mode.kind === "choose") this.shownAt = performance.now();
      });
    });
  }

  end(end: End): void {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.ticker);
    clearTimeout(this.silence);
    // A program let through before the terminal is back would write onto the card's screen, and its words be lost with it.
    this.screen.close(() => this.onEnd(end));
  }

  private guard(work: () => void): void {
    try {
      if (!this.isOver) work();
    } catch {
      this.end({ kind: "absent", cause: "failure" });
    }
  }

  private take(keys: readonly Key[]): void {
    // The Enter at the end of a paste belongs to the paste.
    const isBurst = this.phrase === undefined && this.dialog.mode.kind === "choose" && keys.some(isSeveral);
    for (const key of keys) {
      if (this.isOver) return;
      if (isBurst && key.kind === "enter") continue;
      if (key.kind === "report") this.screen.keep(key.bytes);
      else if (this.isMeant(key)) this.press(key);
    }
    clearTimeout(this.silence);
    const wait = { nothing: 0, escape: 100, sequence: 1000 }[this.keys.unfinished];
    if (wait > 0) this.silence = setTimeout(() => this.guard(() => this.take(this.keys.flush())), wait);
  }

  /**
   * Someone who was typing to the agent when the card came up goes on typing for a moment: `make all` must not be an `a`.
   * Keys count once the card has stood for a while and the typing has paused; Ctrl-C need not wait for the pause.
   */
  private isMeant(key: Key): boolean {
    // Not the time of day: whoever sets that forward could have a key count that was typed for something else.
    const now = performance.now();
    const isSeen = this.shownAt !== undefined && now - this.shownAt >= settleMs;
    if (isSeen && (key.kind === "interrupt" || now - this.ignoredAt >= settleMs)) return true;
    if (key.kind !== "other") this.ignoredAt = now;
    return false;
  }

  private press(key: Key): void {
    const { page = 1, lastOffset = 0 } = this.card ?? {};
    const { canLeave = false } = this.options;
    const outcome = pressKey(this.dialog, key, { phrase: this.phrase, page, lastOffset, canLeave });
    if (outcome.kind === "leave") {
      this.end({ kind: "absent", cause: "nobody" });
      return;
    }
    if (outcome.kind !== "open") {
      // In a flood there is always a next card: the key must reach the command as well, or nobody could stop that.
      if (key.kind === "interrupt" && (this.question.behind ?? 0) > 0)
        this.screen.keep(Buffer.from("\u0003"));
      this.end(outcome);
      return;
    }
    // The rest of an arrow key that came in two parts could follow an Esc that was taken for a key.
    if (key.kind === "escape") this.ignoredAt = performance.now();
    this.dialog = outcome.dialog;
    this.draw();
  }

  private tick(): void {
    if (Date.now() >= this.question.deadline) this.end({ kind: "absent", cause: "time-out" });
    else this.draw();
  }

  private drawAll(shown?: () => void): void {
    this.drawn = [];
    this.screen.write("\u001b[0m\u001b[2J");
    this.draw(shown);
  }

  private draw(shown?: () => void): void {
    const { columns, rows } = this.screen.size();
    const { colour, redact, canLeave = false } = this.options;
    const remainingMs = this.question.deadline - Date.now();
    const view = {
      columns,
      rows,
      colour,
      full: this.dialog.full,
      challenge: this.word,
      remainingMs,
      redact,
      canLeave,
    };
    const { offset, notice } = this.dialog;
    const entry = entryOf(this.dialog.mode, this.phrase);
    this.card = composeCard(this.question, view, { offset, entry, notice });
    const { lines } = this.card;
    let out = "";
    for (let at = 0; at < Math.max(lines.length, this.drawn.length); at++) {
      const line = lines[at] ?? "";
      if (line !== this.drawn[at]) out += `\u001b[${at + 1};1H\u001b[2K${line}\u001b[0m`;
    }
    this.drawn = lines;
    if (out !== "") this.screen.write(out, shown);
  }
}

function isSeveral(key: Key): boolean {
  return key.kind === "text" && [...key.text].length > 1;
}

const bell = "\u0007";
const settleMs = 300;
