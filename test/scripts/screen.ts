import * as pty from "@lydell/node-pty";
import headless from "@xterm/headless";
import { cli, type Place } from "./session.js";

/** A person's terminal, in memory: what would be seen, and keys. */
export interface PersonScreen {
  /** The rows as seen now. */
  text(): string;
  /** All that was ever written, escapes included. */
  raw(): string;
  press(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen shows this; throws with the screen as it is after `limit` milliseconds, ten seconds unless said. */
  see(wanted: string | RegExp, limit?: number): Promise<void>;
  /** Waits until the screen no longer shows it. */
  unsee(wanted: string | RegExp): Promise<void>;
  readonly exited: Promise<number>;
  kill(): void;
  /** The terminal is closed. */
  hangUp(): void;
}

/** `holdpoint run FLAGS -- COMMAND` in a terminal of 100 × 30. */
export function openScreen(
  place: Place,
  command: readonly string[],
  flags: readonly string[] = ["-q"],
  /** What starts it: `setpriv` and its words, say. */
  before: readonly string[] = [],
): PersonScreen {
  const [program = "", ...args] = [...before, process.execPath, cli, "run", ...flags, "--", ...command];
  return openTerminal(place, program, args);
}

/** Any program in such a terminal. */
export function openTerminal(place: Place, program: string, args: readonly string[]): PersonScreen {
  const { CI: _ci, ...env } = place.env;
  const child = pty.spawn(program, [...args], {
    cols: 100,
    rows: 30,
    cwd: place.workspace,
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  });
  const screen = new headless.Terminal({ cols: 100, rows: 30, allowProposedApi: true });
  let raw = "";
  child.onData((data) => {
    raw += data;
    screen.write(data);
  });
  // What the terminal answers to queries goes back, as a real one would do.
  screen.onData((data) => child.write(data));
  const text = (): string => {
    const { active } = screen.buffer;
    return Array.from(
      { length: screen.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    ).join("\n");
  };
  const shows = (wanted: string | RegExp): boolean =>
    typeof wanted === "string" ? text().includes(wanted) : wanted.test(text());
  const until = async (done: () => boolean, what: string, limit = 10_000): Promise<void> => {
    for (const end = Date.now() + limit; Date.now() < end; ) {
      if (done()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${what}; the screen shows:\n${text()}`);
  };
  return {
    text,
    raw: () => raw,
    press: (keys) => child.write(keys),
    resize(columns, rows) {
      child.resize(columns, rows);
      screen.resize(columns, rows);
    },
    see: (wanted, limit) => until(() => shows(wanted), `not seen: ${wanted}`, limit),
    unsee: (wanted) => until(() => !shows(wanted), `still seen: ${wanted}`),
    exited: new Promise((resolve) =>
      child.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
    ),
    kill: () => child.kill("SIGKILL"),
    hangUp: () => child.kill("SIGHUP"),
  };
}
