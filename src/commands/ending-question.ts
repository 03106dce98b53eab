import type { Choice } from "../launcher/ending.js";

/** Asks on the terminal what becomes of processes that outlive the command; no answer within half a minute leaves them. */
export async function chooseEnding(): Promise<Choice> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      "holdpoint: k: keep guarding them, e: end them, Enter: leave them: ",
      {
        signal: AbortSignal.timeout(30_000),
      },
    );
    return answer.trim() === "k" ? "keep" : answer.trim() === "e" ? "end" : "leave";
  } catch {
    return "leave";
  } finally {
    terminal.close();
  }
}
