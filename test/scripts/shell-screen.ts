import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openScreen, type PersonScreen } from "./screen.js";
import type { Place } from "./session.js";

/** An interactive shell in a session, whose prompt is `[status] `. */
export interface ShellScreen extends PersonScreen {
  /** Types a line, and waits for the prompt behind it. */
  line(text: string, status?: number): Promise<void>;
  /** Waits for the prompt, with that status where one is given. */
  prompt(status?: number): Promise<void>;
}

export interface ShellOptions {
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  /** What starts the session, as `openScreen` has it. */
  readonly before?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Below the home. */
  readonly files?: Readonly<Record<string, string>>;
}

export function openShell(place: Place, options: ShellOptions): ShellScreen {
  for (const [name, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(place.home, name)), { recursive: true });
    writeFileSync(join(place.home, name), text);
  }
  const there = { ...place, env: { ...place.env, ...options.env } };
  const flags = ["-q", ...(options.flags ?? ["--mode", "deny"])];
  const screen = openScreen(there, options.command, flags, options.before);
  const prompt = (status?: number) =>
    // The last line with anything on it is a prompt, and nothing is typed there yet.
    screen.see(new RegExp(`\\[${status ?? "\\d+"}\\][ >#]*\\s*$`));
  return {
    ...screen,
    prompt,
    async line(text, status) {
      screen.press(`\u000c`); // a clear screen: what is seen then comes from this line
      await screen.see(/^\[\d+\][ >#]*\s*$/);
      screen.press(`${text}\r`);
      await screen.see(text.slice(0, 20).trimEnd());
      await prompt(status);
    },
  };
}
