import type { Places } from "../commands/places.js";
import type { Terminal } from "../commands/terminal.js";

/** What a command's options and help are wired to. */
export interface Usage {
  readonly places: Places;
  readonly terminal: Terminal;
  /** The status to end with. */
  readonly end: (status: number) => void;
  /** Tells of an error; the status to end with. */
  readonly fail: (error: unknown) => number;
  /** Shows every command, as an error. */
  readonly help: () => never;
}

export const configOption = [
  "--config <file>",
  "use this config instead of ~/.config/holdpoint/config.yaml",
] as const;

export const scopeOption = [
  "--scope <file>",
  "one more manifest, in addition to holdpoint.yaml in this folder and those above it",
] as const;

/** A pipe takes 64 KiB at a time; the program ends when all of it was taken. */
export async function flushed(): Promise<void> {
  await new Promise((done) => process.stdout.write("", done));
}
