/** A message that the server has been sent and not answered yet. */
export interface Owed {
  /** Its letter. */
  readonly type: string;
  /** The server did as it was told, or did not. */
  readonly settle?: (isDone: boolean) => void;
}

/** What the server still owes the client, in order: an answer of ours goes to its place among the server's. */
export class Replies {
  private owed: Owed[] = [];
  private waiting: (() => void)[] = [];
  /** What COPY takes from the client: the server overlooks a Sync meanwhile. */
  private isCopying = false;
  /** `I`, `T` or `E`: none, in a transaction, in one that failed. */
  status = "I";
  /** The server said an error, and overlooks what comes until the next Sync. */
  isOverlooking = false;

  sent(owed: Owed): void {
    if (owed.type === "S" && this.isCopying) return;
    if (owed.type === "c" || owed.type === "f") {
      this.isCopying = false;
      return;
    }
    if (this.isOverlooking && owed.type !== "S" && !this.owed.some(({ type }) => type === "S"))
      owed.settle?.(false);
    else this.owed.push(owed);
  }

  /** Whether answers are outstanding that no Sync or query makes the server send. */
  get wantsFlush(): boolean {
    const last = this.owed.at(-1);
    return last !== undefined && !ends.has(last.type);
  }

  /** Resolves once nothing is outstanding. */
  async done(): Promise<void> {
    if (this.owed.length > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** The server has sent a message. */
  got(type: string, status: string): void {
    const [first] = this.owed;
    switch (type) {
      case "Z":
        this.status = status;
        this.isCopying = false;
        this.isOverlooking = false;
        this.finish(this.owed.findIndex((owed) => ends.has(owed.type)) + 1, false);
        break;
      case "E":
        this.isCopying = false;
        if (first !== undefined && !ends.has(first.type)) {
          this.isOverlooking = true;
          const end = this.owed.findIndex((owed) => owed.type === "S");
          this.finish(end < 0 ? this.owed.length : end, false);
        }
        break;
      case "G":
      case "W":
        if (first?.type === "E") this.owed = this.owed.filter((owed, at) => at === 0 || owed.type !== "S");
        this.isCopying = true;
        break;
      default:
        if (first !== undefined && (answers.get(first.type) ?? "").includes(type)) this.finish(1, true);
    }
    if (this.owed.length === 0) this.release();
  }

  /** Nothing will come any more. */
  release(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  private finish(count: number, isDone: boolean): void {
    for (const owed of this.owed.splice(0, count)) owed.settle?.(isDone);
  }
}

/** Answered to the end by ReadyForQuery: query, Sync, function call, and the start of the session. */
const ends: ReadonlySet<string> = new Set(["Q", "S", "F", "start"]);

/** What ends the answer to each message of a batch. */
const answers: ReadonlyMap<string, string> = new Map([
  ["P", "1"],
  ["B", "2"],
  ["C", "3"],
  ["D", "Tn"],
  ["E", "CIs"],
]);
