import { createInterface } from "node:readline/promises";

/** Whether the person at this terminal says y. */
export async function agrees(
  question: string,
  output: NodeJS.WritableStream = process.stdout,
): Promise<boolean> {
  const asked = createInterface({ input: process.stdin, output });
  try {
    return /^y(es)?$/i.test((await asked.question(question)).trim());
  } catch {
    // Ctrl-C, Ctrl-D.
    return false;
  } finally {
    asked.close();
  }
}
