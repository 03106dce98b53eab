import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Child, startChild } from "../launcher/child.js";
import { canPushKeys } from "../launcher/pushed-keys.js";
import { startRelay } from "../launcher/relay.js";
import { terminalScreens } from "../launcher/terminal-screen.js";
import type { OpenScreen } from "../model/screen.js";
import type { Human } from "./human.js";
import type { Places } from "./places.js";

export interface CommandOptions {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly human: Human | undefined;
  /** Something else may have this terminal's keyboard. */
  readonly isDriven: boolean;
  readonly places: Places;
  /** As `startChild` has it. */
  readonly aim: (() => number | undefined) | undefined;
}

/** A session's command, running, and where its human is asked. */
export interface RunningCommand {
  readonly child: Child;
  readonly openScreen: OpenScreen;
  readonly where: string;
  /** Whether something else could push keys into the human's terminal. */
  readonly challenge: boolean;
}

export function startCommand({ words, env, human, isDriven, places, aim }: CommandOptions): RunningCommand {
  const [program = "", ...args] = words;
  const cwd = process.cwd();
  if (human?.kind === "relay") {
    const relay = startRelay({
      ...{ program, args, env, cwd, aim },
      stdin: process.stdin,
      stdout: process.stdout,
      leader: findHelper("leader", places),
      pump: findHelper("pump", places),
    });
    if (typeof relay !== "string")
      return {
        child: { pid: relay.pid, exit: relay.exited },
        openScreen: relay.openScreen,
        where: "relay",
        challenge: isDriven || canPushKeys(),
      };
  }
  return {
    child: startChild({ command: program, args, env, cwd, aim }),
    openScreen: human === undefined ? () => "gone" : terminalScreens(human.path),
    where: "terminal",
    challenge: true,
  };
}

/** Compiled together with the shim; without a compiler the relay does without. */
function findHelper(name: string, { packageRoot }: Places): string | undefined {
  const path = join(packageRoot, "shims", "build", name);
  return existsSync(path) ? path : undefined;
}
