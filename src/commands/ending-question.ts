import type { Choice } from "../launcher/ending.js";

/** Asks on the terminal what becomes of processes that outlive the command; no answer within half a minute, or a closed window, leaves them. */
export async function chooseEnding(): Promise<Choice> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  const leave = () => gone.abort();
  process.once("SIGHUP", leave);
  terminal.once("close", leave);
  // A closed window cannot be given back its modes, which is done at the end.
  terminal.on("error", leave);
  try {
    const answer = await terminal.question(
      "holdpoint: k: keep guarding them, e: end them, Enter: leave them: ",
      { signal: AbortSignal.any([AbortSignal.timeout(30_000), gone.signal]) },
    );
    return answer.trim() === "k" ? "keep" : answer.trim() === "e" ? "end" : "leave";
  } catch {
    return "leave";
  } finally {
    terminal.close();
    process.off("SIGHUP", leave);
  }
}
