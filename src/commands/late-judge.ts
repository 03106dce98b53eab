import type { Judge } from "../judge.js";
import type { Judging } from "./session-judge.js";

/**
 * The judge of a session, made with its first call: a call waits for it, and is denied where it cannot be made. What it
 * is made of was read before the session's command started.
 */
export class LateJudge {
  private made: Judging | undefined;
  private making: Promise<Judging> | undefined;

  /** What is looked up meanwhile: the first call is not answered before that is known. */
  first: () => Promise<void> = async () => {};

  constructor(private readonly make: () => Promise<Judging>) {}

  readonly judge: Judge = (request, world) =>
    this.made === undefined
      ? this.ready().then(({ judge }) => judge(request, world))
      : this.made.judge(request, world);

  /** Of a call that was judged. */
  readonly readsOf: Judging["readsOf"] = (call, world) => {
    if (this.made === undefined) throw new Error("nothing was judged yet");
    return this.made.readsOf(call, world);
  };

  /** Made now, unless it was. */
  async ready(): Promise<Judging> {
    this.making ??= Promise.all([this.first(), this.make()]).then(([, made]) => made);
    try {
      this.made = await this.making;
      return this.made;
    } catch (cause) {
      // Without memory or descriptors for a moment: the next call tries again.
      this.making = undefined;
      throw cause;
    }
  }
}
