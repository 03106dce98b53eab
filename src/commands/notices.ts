import { spawn } from "node:child_process";
import type { Questions, Waiting } from "../broker/questions.js";
import { showUntrusted } from "../prompt/visible.js";
import { cutMiddle } from "../prompt/width.js";
import { effectLines } from "./showings.js";

export interface NoticeOptions {
  /** A program and its arguments; what waits is given as two more. */
  readonly command: readonly string[];
  /** The user's own environment, as it was before the session: no shims. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly label: string;
  readonly redact: (text: string) => string;
}

/**
 * Tells the user's own program of each question once: at once where nobody is at the session's terminal, else when it has
 * waited for a while. Whatever becomes of that program, the question is the same. Returns what ends it.
 */
export function startNotices(
  questions: Pick<Questions, "waiting" | "onChange">,
  options: NoticeOptions,
): () => void {
  const told = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const tell = (each: Waiting) => {
    const { id } = each.question;
    if (told.has(id)) return;
    told.add(id);
    start(each, options);
  };
  const look = () => {
    const waiting = questions.waiting();
    for (const [id, timer] of timers) {
      if (waiting.some((each) => each.question.id === id)) continue;
      clearTimeout(timer);
      timers.delete(id);
    }
    for (const each of waiting) {
      const { id } = each.question;
      if (!each.isHere) tell(each);
      else if (!told.has(id) && !timers.has(id))
        timers.set(id, setTimeout(() => tell(each), patience).unref());
    }
  };
  const off = questions.onChange(look);
  return () => {
    off();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}

/** Someone at the terminal reads a card for about that long. */
const patience = 10_000;

/** No shell; and both texts begin with a word of ours, so that nothing of the agent's is taken for an option. */
function start({ question }: Waiting, { command, env, cwd, label, redact }: NoticeOptions): void {
  const [program = "", ...args] = command;
  const show = (text: string, most: number) => cutMiddle(showUntrusted(redact(text)), most);
  const title = `holdpoint: ${show(label, 60)} waits for you`;
  const [first = "something waits"] = effectLines(question, redact);
  const text = `It ${show(first, 200)}. To answer: holdpoint approve`;
  try {
    spawn(program, [...args, title, text], { env: { ...env }, cwd, stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  } catch {
    // An argument with a NUL and the like: nobody is told, and the question waits all the same.
  }
}
