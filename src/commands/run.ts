import { existsSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { createRedactor, secretValues } from "../audit/redact.js";
import type { Mode } from "../broker/decision.js";
import { type Child, startChild } from "../launcher/child.js";
import { type Choice, endSession } from "../launcher/ending.js";
import { findOuterSession } from "../launcher/outer.js";
import { canPushKeys } from "../launcher/pushed-keys.js";
import { startRelay } from "../launcher/relay.js";
import { terminalScreens } from "../launcher/terminal-screen.js";
import type { Asker } from "../model/question.js";
import type { OpenScreen } from "../model/screen.js";
import { createAsker } from "../prompt/asker.js";
import { chooseEnding } from "./ending-question.js";
import { judgeFirst } from "./first-call.js";
import type { Places } from "./places.js";
import { openSession, type Session } from "./session.js";
import { Turns } from "./turns.js";

export interface RunOptions {
  /** The command and its arguments; at least one word. */
  readonly command: readonly string[];
  readonly mode?: Mode;
  readonly config?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly name?: string;
  readonly relay: boolean;
  readonly quiet: boolean;
}

/**
 * `holdpoint -- COMMAND`: a session around one command. Resolves to the command's own status. Throws, before anything is
 * started, when a rule file, the log or the session's directory cannot be used.
 */
export async function run(options: RunOptions, places: Places): Promise<number> {
  if ((await findOuterSession(process.env)) !== undefined) return joinOuter(options);
  const human = findHuman(options);
  const mode = options.mode ?? (process.env["CI"] === "true" || human === undefined ? "deny" : "ask");
  // What is asked before the command has started: nobody shares the terminal yet.
  const turns = new Turns();
  let asker = makeAsker(
    human === undefined ? () => "gone" : terminalScreens(human.path),
    "terminal",
    true,
    createRedactor(secretValues(process.env)),
  );
  const session = await openSession({
    ...options,
    places,
    mode,
    env: process.env,
    cwd: process.cwd(),
    asker:
      mode === "ask" && human !== undefined
        ? { ask: (question, gone) => turns.ask(() => asker.ask(question, gone)) }
        : undefined,
  });
  const onFailure = (cause: unknown) => session.note(cause);
  process.on("uncaughtException", onFailure).on("unhandledRejection", onFailure);
  if (!options.quiet) say(`session ${session.id}, mode ${mode}, log ${session.logPath}`);
  let status = 1;
  try {
    const first = await judgeFirst(session, options.command, process.cwd());
    if (first.kind === "refused") {
      say(first.message.replace(/^holdpoint: /, ""));
      status = first.status;
    } else {
      const { child, openScreen, where, challenge } = start(options, first.env, human, findLeader(places));
      asker = makeAsker(openScreen, where, challenge, session.redact);
      status = await child.exit;
      // The relay is over: what outlives the command asks on the terminal itself, when the human is not busy there.
      const screens =
        human === undefined ? () => "gone" as const : turns.afterChoice(terminalScreens(human.path));
      asker = makeAsker(screens, "terminal", true, session.redact);
    }
  } finally {
    const canChoose = mode === "ask" && human !== undefined && isatty(0) && isatty(2);
    await end(session, status, canChoose ? () => turns.choose(chooseEnding) : undefined);
  }
  process.off("uncaughtException", onFailure).off("unhandledRejection", onFailure);
  return status;
}

/** Inside another session: the command runs in that one. It may be made stricter, for what runs below, never looser. */
function joinOuter({ command, mode }: RunOptions): Promise<number> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  if (mode === "deny") env["HOLDPOINT_MODE"] = "deny";
  const [program = "", ...args] = command;
  return startChild({ command: program, args, env, cwd: process.cwd() }).exit;
}

/** Compiled together with the shim; without a compiler the relay does without. */
function findLeader({ packageRoot }: Places): string | undefined {
  const path = join(packageRoot, "shims", "build", "leader");
  return existsSync(path) ? path : undefined;
}

/** Where a human can be asked: in front of a relay, or on a terminal that the command shares. */
type Human =
  | { readonly kind: "relay"; readonly path: string }
  | { readonly kind: "shared"; readonly path: string };

function findHuman({ relay }: RunOptions): Human | undefined {
  const descriptor = [0, 1, 2].find((each) => isatty(each));
  if (descriptor === undefined) return undefined;
  const path = terminalPath(descriptor);
  return { kind: relay && isatty(0) && isatty(1) ? "relay" : "shared", path };
}

function terminalPath(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "/dev/tty";
  }
}

interface Started {
  readonly child: Child;
  readonly openScreen: OpenScreen;
  readonly where: string;
  /** Whether something else could push keys into the human's terminal. */
  readonly challenge: boolean;
}

function start(
  options: RunOptions,
  env: Readonly<Record<string, string>>,
  human: Human | undefined,
  leader: string | undefined,
): Started {
  const [program = "", ...args] = options.command;
  const cwd = process.cwd();
  if (human?.kind === "relay") {
    const relay = startRelay({
      program,
      args,
      env,
      cwd,
      stdin: process.stdin,
      stdout: process.stdout,
      leader,
    });
    if (typeof relay !== "string") {
      const child = { pid: relay.pid, exit: relay.exited };
      return { child, openScreen: relay.openScreen, where: "relay", challenge: canPushKeys() };
    }
  }
  const openScreen: OpenScreen = human === undefined ? () => "gone" : terminalScreens(human.path);
  return {
    child: startChild({ command: program, args, env, cwd }),
    openScreen,
    where: "terminal",
    challenge: true,
  };
}

function makeAsker(
  openScreen: OpenScreen,
  where: string,
  challenge: boolean,
  redact: (text: string) => string,
): Asker {
  const colour = !process.env["NO_COLOR"];
  return createAsker({ openScreen, where, challenge, redact, colour, by: userName() });
}

async function end(
  session: Session,
  status: number,
  choose: (() => Promise<Choice>) | undefined,
): Promise<void> {
  await endSession({
    directory: session.directory,
    places: session.folders,
    linked: () => session.links.names,
    findReal: session.findReal,
    say,
    choose,
    stop: () => session.close(status),
  });
}

function userName(): string {
  return process.env["USER"] ?? process.env["LOGNAME"] ?? `uid ${process.getuid?.() ?? "?"}`;
}

function say(line: string): void {
  process.stderr.write(`holdpoint: ${line}\n`);
}
