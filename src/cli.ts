import { isatty } from "node:tty";
import { Argument, Command, CommanderError, Option } from "commander";
import { type HookMode, type HookName, hookModes, hookNames } from "./commands/hook-names.js";
import { shellNames, targetNames } from "./commands/init-names.js";
import { parseDuration, parseKinds, parseReport, type ReportOption } from "./commands/option-values.js";
import { findPlaces } from "./commands/places.js";
import { processTerminal } from "./commands/terminal.js";
import { readVersion } from "./commands/version.js";

// The only place that ends the process. Each command's work is loaded when it is called: a `run` pays for `run` alone.
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

const configOption = ["--config <file>", "user config instead of ~/.config/holdpoint/config.yaml"] as const;

const examples = `
Examples:
  holdpoint -- codex                         guard an agent; it asks on this terminal
  holdpoint --mode deny -- ./nightly-job.sh  nobody to ask: destructive calls are refused
  holdpoint approve                          answer its questions from another terminal
  holdpoint explain 'rm -rf build ~/notes'   what would be asked, and why
  holdpoint log --only asked,denied          what the last session was asked about`;

async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...argv]);
    return status;
  } catch (error) {
    return report(error);
  }
}

function createProgram(): Command {
  const program = new Command("holdpoint")
    .description(
      "Runs an AI agent, a shell or a job so that every command is parsed and logged before it executes, and anything destructive waits for a human.",
    )
    .usage("[run] [options] -- COMMAND [ARG…]\n       holdpoint COMMAND-BELOW [options]")
    .version(readVersion(places), "-V, --version")
    .enablePositionalOptions()
    .showHelpAfterError("(holdpoint --help shows every command)")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "holdpoint: ")),
    })
    .addHelpText("after", examples);
  addRun(program);
  addApprove(program);
  addExplain(program);
  addLog(program);
  addRules(program);
  addInit(program);
  addHook(program);
  addShell(program);
  program
    .command("doctor")
    .description("what works here, what does not, how to mend it")
    .option("--json", "one JSON document")
    .action(async (options: { json?: true }) => {
      const { doctor } = await import("./commands/doctor.js");
      status = await doctor(options.json === true, places, terminal);
    });
  program
    .command("demo")
    .description("the incident, replayed on this machine in a minute; no network, no account")
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

interface RunFlags {
  readonly mode?: "ask" | "deny" | "observe";
  readonly config?: string;
  readonly timeout?: number;
  readonly name?: string;
  readonly relay: boolean;
  readonly report?: readonly ReportOption[];
  readonly failOnDenied?: true;
  readonly quiet?: true;
}

const runExamples = `
Examples:
  holdpoint -- codex
  holdpoint --mode deny --fail-on-denied -- ./nightly-job.sh
  holdpoint --mode deny --report denied.sarif --report junit=denied.xml -- make release
  holdpoint --mode observe --report report.json -- ./nightly-job.sh

docs/ci.md shows it in GitHub Actions, in GitLab and in a container.`;

function addRun(program: Command): void {
  program
    .command("run", { isDefault: true })
    .description("run an agent, a shell or a job under guard; `holdpoint -- COMMAND` is the same")
    .argument("[command...]", "the command and its arguments, after --")
    .addOption(
      new Option(
        "--mode <mode>",
        "ask a human, deny, or only observe; default: ask where one can be reached, else deny",
      ).choices(["ask", "deny", "observe"]),
    )
    .option(...configOption)
    .option(
      "--timeout <duration>",
      "how long to wait for a human, then deny (30s, 5m; default 5m)",
      parseDuration,
    )
    .option("--name <label>", "shown on cards and in the log")
    .option("--no-relay", "do not give the command a terminal of its own")
    .option(
      "--report <file>",
      "what was denied, for machines: FILE.sarif, FILE.xml (JUnit), FILE.json, or FORMAT=FILE; several times",
      parseReport,
    )
    .option("--fail-on-denied", "end with 126 when anything was denied although the command ended with 0")
    .option("-q, --quiet", "no start line, no summary of what was denied")
    .passThroughOptions()
    .addHelpText("after", runExamples)
    .action(async (command: string[], flags: RunFlags) => {
      if (command.length === 0) program.help({ error: true });
      const { run } = await import("./commands/run.js");
      status = await run(
        {
          ...flags,
          command,
          reports: flags.report ?? [],
          failOnDenied: flags.failOnDenied === true,
          quiet: flags.quiet === true,
        },
        places,
      );
    });
}

const approveExamples = `
A question that a session waits with can be answered from any terminal that was there before the session, or is a new window
of one, or a new login. It shows the session's own card; to allow, type the word that stands on it. q leaves the question to
others. From inside a session nobody answers, not even "no".

Examples:
  holdpoint approve                        one card after the other; waits for more
  holdpoint approve --once                 what waits now, then ends
  holdpoint approve abcdefg/q3             this one
  holdpoint approve --json --follow        what waits, for a menu bar: a document a line
  holdpoint approve --deny q3              no, without a card`;

const endExamples = `
The command of the session is told to end, and killed after five seconds; what it left running ends with it. What waits is denied.

Examples:
  holdpoint end                            the only one that runs
  holdpoint end abcdefg                    one of several (holdpoint status names them)`;

interface ApproveFlags {
  readonly session?: string;
  readonly json?: true;
  readonly follow?: true;
  readonly once?: true;
  readonly deny?: readonly string[];
  readonly allDeny?: true;
}

function addApprove(program: Command): void {
  program
    .command("approve")
    .description("answer, from another terminal, what running sessions wait with")
    .argument("[id]", "only this question: SESSION/QUESTION, or q3 where no other session has one")
    .option("--session <id>", "only what this session waits with")
    .option("--once", "end when nothing waits any more")
    .option("--json", "what waits, as one JSON document")
    .addOption(
      new Option("--follow", "with --json: a document a line, again with each change").implies({
        json: true,
      }),
    )
    .addOption(new Option("--deny <id...>", "refuse these, without a card").conflicts(["json", "allDeny"]))
    .addOption(new Option("--all-deny", "refuse all that waits").conflicts("json"))
    .addHelpText("after", approveExamples)
    .action(async (id: string | undefined, flags: ApproveFlags) => {
      const { approve } = await import("./commands/approve.js");
      status = await approve(id === undefined ? flags : { ...flags, id }, places, terminal);
      await flushed();
    });
  program
    .command("status")
    .description("the running sessions: what waits in them, what was refused")
    .option("--json", "one JSON document")
    .action(async (flags: { json?: true }) => {
      const { showStatus } = await import("./commands/status.js");
      status = await showStatus(flags.json === true, places, terminal);
      await flushed();
    });
  program
    .command("end")
    .description("end a running session, with its command and what that left running")
    .argument("[id]", "the session; may be left out where only one runs")
    .addHelpText("after", endExamples)
    .action(async (id: string | undefined) => {
      const { endOne } = await import("./commands/end.js");
      status = await endOne(id, places, terminal);
    });
}

interface ExplainFlags {
  readonly json?: true;
  readonly batch?: true;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly why?: string;
  readonly config?: string;
}

const explainExamples = `
Examples:
  holdpoint explain 'rm -rf build ~/notes'      what of it would be asked about, and why
  holdpoint explain --why files/lose-work       what a rule is about, with lines that it stops and lets through
  holdpoint explain --json 'git push --force'   the same for a program`;

function addExplain(program: Command): void {
  program
    .command("explain")
    .description("judge a command line without running anything (status 0 allow, 3 ask, 4 deny)")
    .argument("[line]", "the line, quoted as one word")
    .option("--json", "one JSON document")
    .option("--batch", "JSON lines in on stdin, JSON lines out, same order")
    .option("--cwd <dir>", "judge as if in this directory")
    .option("--stdin <file>", "what the line would read on its standard input")
    .option("--why <rule>", "a rule in words, with its examples, instead of a line")
    .option(...configOption)
    .addHelpText("after", explainExamples)
    .action(async (line: string | undefined, flags: ExplainFlags) => {
      const { explainCommand } = await import("./commands/explain.js");
      status = await explainCommand(line, flags, places, terminal);
      await flushed();
    });
}

interface InitFlags {
  readonly shell?: string;
  readonly dir?: string;
  readonly print?: true;
  readonly undo?: true;
  readonly yes?: true;
  readonly project?: true;
}

interface LogFlags {
  readonly session?: string;
  readonly list?: true;
  readonly follow?: true;
  readonly json?: true;
  readonly only?: readonly string[];
}

function addLog(program: Command): void {
  const log = program
    .command("log")
    .description("read the audit log; `log verify` checks it")
    .option("--session <id>", "that session's records instead of the newest session's")
    .option("--list", "name the sessions that were logged")
    .option("-f, --follow", "go on as records come")
    .option("--json", "the records as written")
    .option("--only <kinds>", "asked, denied, allowed; several with commas", parseKinds)
    .action(async ({ session, list, follow, json, only }: LogFlags) => {
      const { listSessions, showLog } = await import("./commands/log.js");
      const options = { session, follow: follow === true, json: json === true, only: only ?? [] };
      status = list ? listSessions(places, terminal) : await showLog(options, places, terminal);
    });
  log
    .command("verify")
    .description("check the chain of the named logs, or of all")
    .argument("[file...]")
    .action(async (files: string[]) => {
      const { verifyLogs } = await import("./commands/log.js");
      status = await verifyLogs(files, places, terminal);
    });
}

const rulesExamples = `
Examples:
  holdpoint rules                            every rule in force
  holdpoint rules --search 'delete volume'   rules, tools and APIs about it
  holdpoint explain --why files/lose-work    one rule in words, with its examples
  holdpoint rules test acme.yaml             the lines of a tool file of your own (docs/writing-rules.md)`;

const testExamples = `
A FILE is a rule pack, a tool file, an API file, a config.yaml, or a list of cases; several are laid over each other. Its
lines are judged in the small world of examples that docs/rules.md describes; nothing is run.
Status 0: all as expected; 1: not; 2: a file that cannot be used.

Examples:
  holdpoint rules test acme.yaml
  holdpoint rules test ~/.config/holdpoint/config.yaml
  holdpoint rules test acme.yaml acme-cases.yaml --json`;

function addRules(program: Command): void {
  const rules = program
    .command("rules")
    .description("the rules in force and where each comes from; `rules test` tries some of your own")
    .option("--search <text>", "rules, tools and APIs about it, the nearest first")
    .option("--json", "one JSON document")
    .option(...configOption)
    .addHelpText("after", rulesExamples)
    .action(async (flags: { search?: string; json?: true; config?: string }) => {
      const { loadKnowledge } = await import("./commands/knowledge.js");
      const loaded = await loadKnowledge(places, flags.config);
      if (flags.search === undefined) {
        const { showRules } = await import("./commands/rules.js");
        status = showRules(loaded, flags.json === true, terminal);
      } else {
        const { searchRules } = await import("./commands/rules-search.js");
        status = searchRules(flags.search, flags.json === true, loaded, terminal);
      }
      await flushed();
    });
  rules
    .command("test")
    .description("judge the examples and cases of rule packs, tool files, API files and configs")
    .argument("<file...>")
    .option("--json", "one JSON document")
    .addHelpText("after", testExamples)
    .action(async (files: string[], flags: { json?: true }) => {
      const { testRules } = await import("./commands/rules-test.js");
      status = await testRules(files, flags.json === true, places, terminal);
      await flushed();
    });
}

const initExamples = `
The diff is shown first; nothing is written before a y, or without --yes where there is no terminal. What is in the file
stays, comments too; --undo takes back what was written and nothing else.

Examples:
  holdpoint init                  what can be set up, and what of it is
  holdpoint init claude           a hook that Claude Code asks before it uses a tool
  holdpoint init vscode           the terminals of VS Code
  holdpoint init cursor --print   the same for Cursor, to paste by hand
  holdpoint init tmux --shell zsh every new pane of tmux, with zsh
  holdpoint init vscode --undo    take it back`;

function addInit(program: Command): void {
  program
    .command("init")
    .description("make agents ask the guard, and editors and terminals start their shells under it")
    .addArgument(new Argument("[target]", "what to set up; none: a list").choices(targetNames))
    .addOption(
      new Option("--shell <name>", "the shell to start; default: the one of $SHELL").choices(shellNames),
    )
    .option("--dir <dir>", "the folder with the program's settings, where it is not the usual one")
    .option("--project", "an agent's file of this project instead of the user's")
    .option("--print", "print what would be set, and write nothing")
    .option("--undo", "take back what was written")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", initExamples)
    .action(async (target: string | undefined, flags: InitFlags) => {
      const { init } = await import("./commands/init.js");
      status = await init({ ...flags, target }, places, terminal);
    });
}

const hookExamples = `
The agent starts this by itself once \`holdpoint init NAME\` has written its settings. Anything that fails is a refusal:
status 2, the reason on stderr. Inside a session of holdpoint's commands are left to the session.

Examples:
  holdpoint init claude            write the settings that start it
  holdpoint hook claude <<'END'    try it by hand
  {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf ~/notes"}}
  END`;

function addHook(program: Command): void {
  program
    .command("hook")
    .description("answer one question of an agent's: JSON on stdin, its answer on stdout")
    .addArgument(new Argument("<agent>").choices(hookNames))
    .addOption(
      new Option(
        "--mode <mode>",
        "let the agent ask a person, deny, or only observe; default: ask where the agent is known to wait for one",
      ).choices(hookModes),
    )
    .option(...configOption)
    .addHelpText("after", hookExamples)
    .action(async (agent: HookName, flags: { mode?: HookMode; config?: string }) => {
      const { hook } = await import("./commands/hook.js");
      status = await hook({ agent, ...flags }, places);
    });
}

/** What the installed shells start. Hidden: a person says `holdpoint -- bash`. */
function addShell(program: Command): void {
  program
    .command("shell", { hidden: true })
    .description("what the shells that `holdpoint init` installs start")
    .argument("<name>")
    .argument("<words...>")
    .passThroughOptions()
    .action(async (name: string, words: string[]) => {
      const { startShell } = await import("./commands/shell.js");
      status = await startShell(name, words, places, report);
    });
}

/** A pipe takes 64 KiB at a time; the program ends when all of it was taken. */
async function flushed(): Promise<void> {
  await new Promise((done) => process.stdout.write("", done));
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

const result = await main(process.argv);
// Node aborts, with a core file, where it cannot put back the modes of a terminal that has hung up meanwhile.
if (terminals.some((descriptor) => !isatty(descriptor))) process.kill(process.pid, "SIGHUP");
process.exit(result);
