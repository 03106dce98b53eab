import { isatty } from "node:tty";
import { Argument, Command, CommanderError } from "commander";
import { findPlaces } from "./commands/places.js";
import { processTerminal } from "./commands/terminal.js";
import { readVersion } from "./commands/version.js";
import { showQuoting } from "./prompt/visible.js";
import { addApprove } from "./usage/approve.js";
import { addCredentials } from "./usage/credentials.js";
import { addExplain } from "./usage/explain.js";
import { addHook } from "./usage/hook.js";
import { addInit } from "./usage/init.js";
import { addLog } from "./usage/log.js";
import { addRules } from "./usage/rules.js";
import { addRun } from "./usage/run.js";
import { addScope } from "./usage/scope.js";
import { addShell } from "./usage/shell.js";
import { addTrust } from "./usage/trust.js";
import { addUndo } from "./usage/undo.js";
import type { Usage } from "./usage/usage.js";

// The only place that ends the process. Options and help of the commands are in src/usage; the work of each is loaded when it is
// called: a `run` pays for `run` alone.
const places = findPlaces(process.env);
const terminal = processTerminal();
let status = 0;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of our output went away (`holdpoint log | head`): the end that other programs have by SIGPIPE.
  if (error.code === "EPIPE") process.exit(141);
  // A terminal that is gone ends a session in order: its SIGHUP has come, too.
  if (error.code === "EIO") return;
  terminal.error(`cannot write to stdout: ${error.message}`);
  process.exit(1);
});
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

const examples = `
Examples:
  holdpoint -- codex                         guard an agent; questions come up on this terminal
  holdpoint --mode deny -- ./nightly-job.sh  nobody to ask: refuse destructive calls
  holdpoint approve                          answer questions from another terminal
  holdpoint credentials                      what an agent started here could sign in with
  holdpoint explain 'rm -rf build ~/notes'   what would be asked, and why
  holdpoint log --only asked,denied          what the last session asked about or refused
  holdpoint undo                             put back what an agent's rm deleted last`;

const all = [
  ...[addRun, addApprove, addExplain, addLog, addUndo, addRules, addScope, addCredentials, addInit, addTrust],
  ...[addHook, addShell],
];
/** What is started again and again makes its own options alone. */
const alone = new Map([
  ["--", addRun],
  ["run", addRun],
  ["explain", addExplain],
  ["hook", addHook],
  ["shell", addShell],
]);

async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram(argv[2] ?? "").parseAsync([...argv]);
    return status;
  } catch (error) {
    return report(error);
  }
}

/** `word`: the first after the program's name. */
function createProgram(word: string): Command {
  const program = new Command("holdpoint")
    .description(
      "Runs an AI agent, a shell or a job under guard: every command is parsed and logged before it executes, and anything destructive waits for a human.",
    )
    .usage("[run] [options] -- COMMAND [ARG…]\n       holdpoint COMMAND-BELOW [options]")
    .version(readVersion(places), "-V, --version")
    .enablePositionalOptions()
    .showHelpAfterError("(holdpoint --help shows every command)")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(showQuoting(text.replace(/^error: /, "holdpoint: "))),
    })
    .addHelpText("after", examples);
  const usage: Usage = {
    places,
    terminal,
    end: (value) => {
      status = value;
    },
    fail: report,
    help: () => createProgram("").help({ error: true }),
  };
  const one = alone.get(word);
  if (one !== undefined) {
    one(program, usage);
    return program;
  }
  for (const add of all) add(program, usage);
  program
    .command("doctor")
    .description("check what works here, what does not, and how to fix it")
    .option("--json", "print one JSON document")
    .option("--alerts", "only send a test to each of the config's alerts")
    .action(async ({ json, alerts }: { json?: true; alerts?: true }) => {
      const { doctor } = await import("./commands/doctor.js");
      status = await doctor({ json: json === true, alerts: alerts === true }, places, terminal);
    });
  program
    .command("demo")
    .description("replay the incident on this machine in a minute; no network, no account")
    .action(async () => {
      const { demo } = await import("./commands/demo.js");
      status = await demo(places, terminal);
    });
  program
    .command("completion")
    .description("print a completion script, e.g. for: source <(holdpoint completion bash)")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const [{ completionScript }, { loadBuiltin }] = await Promise.all([
        import("./commands/completion.js"),
        import("./commands/knowledge.js"),
      ]);
      const names = loadBuiltin(places).policy.rules.map((rule) => rule.id);
      terminal.print(completionScript(shell, program, new Map([["--why", names]])));
    });
  return program;
}

/** Bad usage and unusable files: 2. Our own failure: 1. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Error && "problems" in error && Array.isArray(error.problems)) {
    for (const problem of error.problems) terminal.error(cutEnd(String(problem)));
    return 2;
  }
  const messages: string[] = [];
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined)
    messages.push(at instanceof Error ? at.message : String(at));
  terminal.error(messages.join(": "));
  return 1;
}

/** A value out of the user's file is part of many messages: it may be a whole file. */
function cutEnd(message: string): string {
  return message.length <= 400 ? message : `${message.slice(0, 399)}…`;
}

void main(process.argv).then(async (result) => {
  await written();
  // Node aborts, with a core file, where it cannot put back the modes of a terminal that has hung up meanwhile.
  if (terminals.some((descriptor) => !isatty(descriptor))) process.kill(process.pid, "SIGHUP");
  process.exit(result);
});

/** What the reader of a pipe has not taken yet would else be lost: `holdpoint explain --json … | slow` got 64 KiB. */
function written(): Promise<void> {
  if (process.stdout.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => void process.stdout.write("", () => resolve()));
}
