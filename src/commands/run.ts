import { existsSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { createRedactor, secretValues } from "../audit/redact.js";
import type { Mode } from "../broker/decision.js";
import { leaveEndedSession } from "../launcher/ended-session.js";
import { type Choice, endSession } from "../launcher/ending.js";
import { type HeldSignals, holdSignals } from "../launcher/held-signals.js";
import { findOuterShims } from "../launcher/outer.js";
import { terminalScreens } from "../launcher/terminal-screen.js";
import type { Asker } from "../model/question.js";
import type { OpenScreen } from "../model/screen.js";
import type { TrashSetting } from "../model/trash.js";
import { chooseEnding } from "./ending-question.js";
import { EndingReport } from "./ending-report.js";
import { judgeFirst } from "./first-call.js";
import { inForeground } from "./foreground.js";
import { findHuman } from "./human.js";
import type { ReportOption } from "./option-values.js";
import type { Places } from "./places.js";
import { startCommand } from "./run-command.js";
import { say } from "./say.js";
import { scopeLines } from "./scope-lines.js";
import { openSession } from "./session.js";
import type { Session } from "./session-shape.js";
import { Stopper } from "./stopper.js";
import { Turns } from "./turns.js";
import { userName } from "./user-name.js";

export interface RunOptions {
  /** The command and its arguments; at least one word. */
  readonly command: readonly string[];
  readonly mode?: Mode;
  readonly config?: string;
  /** One more manifest. */
  readonly scope?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly name?: string;
  readonly relay: boolean;
  /** HTTP of every client is judged, too. */
  readonly net: boolean;
  /** The command sees a machine of its own. */
  readonly sandbox: boolean;
  readonly reports: readonly ReportOption[];
  /** A command that ended with 0 ends with 126 when anything was denied. */
  readonly failOnDenied: boolean;
  readonly quiet: boolean;
  /** What is executed in the command's place: a program that becomes the command. */
  readonly launch?: readonly string[];
  /** The environment that it would have without a session; that of this process when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** SHLVL is left as it is, even unset. */
  readonly keepsLevel?: boolean;
  /** Something else may have this terminal's keyboard: allowing wants a word that only the screen shows. */
  readonly isDriven?: boolean;
  /** The command is a bash that would take itself for one started by ssh, and read ~/.bashrc. */
  readonly isRemote?: boolean;
}

/**
 * `holdpoint -- COMMAND`: a session around one command. Resolves to the command's own status. Throws, before anything is
 * started, when a rule file, the log or the session's directory cannot be used.
 */
export async function run(options: RunOptions, places: Places): Promise<number> {
  // What is said to a terminal that was closed is lost. Unheard, each such word would be an error that nobody caught, which is said, too.
  process.stderr.on("error", () => {});
  const given = options.env ?? process.env;
  const outer = await findOuterShims(given);
  if (outer !== undefined) {
    const { joinOuter } = await import("./outer-session.js");
    return joinOuter(options, given, outer, places);
  }
  const signals = holdSignals();
  try {
    const command = await inForeground(options.command);
    // `codex exec` has no server, so that nothing changes for whoever reads this.
    if (!options.quiet && command !== options.command && !command.includes("exec"))
      say("codex is started with --no-daemon, so that its commands stay in this session");
    return await runSession({ ...options, command }, places, given, signals);
  } finally {
    signals.release();
  }
}

async function runSession(
  options: RunOptions,
  places: Places,
  given: Readonly<Record<string, string | undefined>>,
  signals: HeldSignals,
): Promise<number> {
  const human = findHuman(options.relay);
  const wanted =
    options.mode ?? (process.env["CI"] === "true" ? "deny" : human === undefined ? undefined : "ask");
  const cwd = process.cwd();
  const report = new EndingReport({ ...options, config: options.config, places, env: given, cwd });
  const stopper = new Stopper();
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
    mode: wanted,
    env: leaveEndedSession(given, places.data),
    cwd,
    onRecord: report.note,
    asker:
      wanted === "ask" && human !== undefined
        ? { ask: (question, gone, follow) => turns.ask(() => asker.ask(question, gone, follow)) }
        : undefined,
    stop: () => stopper.stop(),
    ...(human?.kind === "relay" ? {} : { say }),
  });
  const { mode } = session;
  const onFailure = (cause: unknown) => {
    if (!isLostTerminal(cause)) session.note(cause);
  };
  process.on("uncaughtException", onFailure).on("unhandledRejection", onFailure);
  const unwatch = report.watch(session, mode === "ask" && human !== undefined);
  announce(session, options.quiet);
  const askBy = (next: Asker) => {
    asker = next;
  };
  let status = 1;
  try {
    status = await runCommand({ options, places, cwd, signals, session, human, stopper, turns, askBy });
  } finally {
    const canChoose = mode === "ask" && human !== undefined && isatty(0) && isatty(2);
    const choose = canChoose ? () => turns.choose(chooseEnding) : undefined;
    await end(session, status, stopper.signal.aborted ? async () => "end" : choose);
    unwatch();
    if (session.kept() > 0 && !options.quiet) say(keptWords(session.kept()));
    if (session.keeping !== undefined) await tidyTrash(places, session.keeping);
    status = await report.publish(status);
  }
  process.off("uncaughtException", onFailure).off("unhandledRejection", onFailure);
  return status;
}

/** That nobody can be asked is said whatever was wanted: everything that needs a person is denied then. */
function announce(session: Session, isQuiet: boolean): void {
  const { id, mode, sandbox, logPath, held, asks } = session;
  if (!isQuiet) {
    say(`session ${id}, mode ${mode}${sandbox === undefined ? "" : ", sandbox"}, log ${logPath}`);
    for (const line of scopeLines(held)) say(line);
    for (const line of sandbox?.notes ?? []) say(line);
    if (asks === "elsewhere") say("no terminal here: questions wait for `holdpoint approve` in another one");
  }
  if (mode === "ask" && asks === "nobody")
    say("no terminal here, and none elsewhere can answer (holdpoint doctor says why): questions are denied");
}

interface Running {
  readonly options: RunOptions;
  readonly places: Places;
  readonly cwd: string;
  readonly signals: HeldSignals;
  readonly session: Session;
  readonly human: ReturnType<typeof findHuman>;
  readonly stopper: Stopper;
  readonly turns: Turns;
  /** Who puts questions to the human from now on: the terminal is another one's while the command runs. */
  readonly askBy: (asker: Asker) => void;
}

/** The command is a call like any other: judged, then started. Resolves to its status, or to the refusal's. */
async function runCommand(running: Running): Promise<number> {
  const { options, places, cwd, signals, session, human, stopper, turns, askBy } = running;
  const first = await Promise.race([
    signals.arrived,
    judgeFirst(session, options.command, cwd, stopper.signal),
  ]);
  if (typeof first === "number") return first;
  if (first.kind === "refused") {
    say(first.message.replace(/^holdpoint: /, ""));
    return first.status;
  }
  const words = options.launch ?? [options.command[0] ?? "", ...first.args];
  const { child, openScreen, where, challenge } = startCommand({
    words: session.sandbox?.wrap(words) ?? words,
    ...{ env: first.env, human, isDriven: options.isDriven === true, places },
    aim: session.sandbox?.interior.pid,
  });
  session.started(child.pid);
  signals.passOn();
  askBy(makeAsker(openScreen, where, challenge, session.redact));
  stopper.follow(child.pid, session.sandbox?.interior.pid);
  const status = await child.exit;
  session.ended();
  stopper.follow(undefined);
  // The relay is over: what outlives the command asks on the terminal itself, when the human is not busy there.
  const screens =
    human === undefined ? () => "gone" as const : turns.afterChoice(terminalScreens(human.path));
  askBy(makeAsker(screens, "terminal", true, session.redact));
  return status;
}

/** Node asks a window that is closed for its size; its SIGHUP has come, too, and ends the session in order. */
function isLostTerminal(cause: unknown): boolean {
  return cause instanceof Error && "syscall" in cause && cause.syscall === "getWindowSize";
}

function keptWords(count: number): string {
  return `kept ${count} ${count === 1 ? "deletion" : "deletions"} for undo: holdpoint undo --list`;
}

/** Only where there is a trash; and not for long: the next session goes on with it. */
async function tidyTrash({ state }: Places, setting: TrashSetting): Promise<void> {
  if (!existsSync(join(state, "trash"))) return;
  // Holdpoint may have been replaced or removed meanwhile; the next session tidies up.
  const { cleanUp } = await import("../trash/purge.js").catch(() => ({ cleanUp: async () => {} }));
  const late = new Promise<void>((done) => setTimeout(done, 500).unref());
  await Promise.race([cleanUp(state, setting, Date.now()).catch(() => {}), late]);
}

/** The cards come with the session's later part, as the judge does. */
function makeAsker(
  openScreen: OpenScreen,
  where: string,
  challenge: boolean,
  redact: (text: string) => string,
): Asker {
  const colour = !process.env["NO_COLOR"];
  let made: Promise<Asker> | undefined;
  return {
    ask: async (question, gone, follow) => {
      made ??= import("../prompt/asker.js").then(({ createAsker }) =>
        createAsker({ openScreen, where, challenge, redact, colour, by: userName() }),
      );
      return (await made).ask(question, gone, follow);
    },
  };
}

async function end(
  session: Session,
  status: number,
  choose: (() => Promise<Choice>) | undefined,
): Promise<void> {
  await endSession({
    directory: session.directory,
    linked: () => session.links.names,
    findReal: session.findReal,
    say,
    choose,
    stop: session.stop,
    close: () => session.close(status),
  });
}
