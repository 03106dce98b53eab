import { promises, readFileSync } from "node:fs";

const kept = new Map<string, string>();

/** A file of the package: as it was kept, or as it is now. Throws where it cannot be read. */
export function readPackageText(path: string): string {
  return kept.get(path) ?? readFileSync(path, "utf8");
}

/** Keeps files of the package in memory, so that a session goes on when it is replaced or removed. Never rejects. */
export async function keepPackageTexts(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const text = await promises.readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) kept.set(path, text);
  }
}
