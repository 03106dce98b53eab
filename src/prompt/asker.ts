import type { Answer, Asker, Question } from "../model/question.js";
import type { OpenScreen, Screen } from "../model/screen.js";
import { type Absence, Sitting, type SittingOptions } from "./sitting.js";

export interface AskerOptions extends SittingOptions {
  readonly openScreen: OpenScreen;
  /** For the log: `relay`, `terminal`. */
  readonly where: string;
  /** For the log: the user's name. */
  readonly by: string;
}

/** Asks on one terminal, one question at a time. */
export function createAsker(options: AskerOptions): Asker {
  return {
    ask: async (question, signal, follow) => {
      let latest = question;
      let sitting: Sitting | undefined;
      follow?.((later, what) => {
        latest = later;
        sitting?.update(later, what);
      });
      const sat = (one: Sitting) => {
        sitting = one;
      };
      try {
        const screen = await waitForScreen(question, signal, options.openScreen);
        return typeof screen === "string"
          ? nobody(screen, options)
          : await sit(latest, signal, screen, options, sat);
      } catch (error) {
        return nobody("failure", options, error instanceof Error ? error.message : String(error));
      }
    },
  };
}

async function waitForScreen(
  question: Question,
  signal: AbortSignal,
  openScreen: OpenScreen,
): Promise<Screen | Absence> {
  for (;;) {
    if (signal.aborted) return "caller-gone";
    if (Date.now() >= question.deadline) return "time-out";
    const screen = openScreen();
    if (screen === "gone") return "nobody";
    if (screen !== "later") return screen;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function sit(
  question: Question,
  signal: AbortSignal,
  screen: Screen,
  options: AskerOptions,
  sat: (sitting: Sitting) => void,
): Promise<Answer> {
  return new Promise((resolve) => {
    const sitting = new Sitting(question, screen, options, (end) => {
      signal.removeEventListener("abort", leave);
      const { by, where } = options;
      if (end.kind === "allow")
        resolve({ decision: "allow", grant: end.grant, by, how: `${where}: ${end.how}` });
      else if (end.kind === "absent") resolve(nobody(end.cause, options));
      else {
        const { reason, all } = end;
        const denial = { decision: "deny", cause: "human", by, how: `${where}: ${end.how}`, reason } as const;
        resolve(all ? { ...denial, all } : denial);
      }
    });
    const leave = () => sitting.end({ kind: "absent", cause: "caller-gone" });
    signal.addEventListener("abort", leave);
    sitting.start();
    sat(sitting);
  });
}

function nobody(cause: Absence, { where }: AskerOptions, message = ""): Answer {
  const how = message === "" ? `${where}: ${cause}` : `${where}: ${cause}: ${message}`;
  return { decision: "deny", cause, by: "holdpoint", how, reason: undefined };
}
