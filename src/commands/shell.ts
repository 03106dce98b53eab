import { existsSync, fstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { isatty } from "node:tty";
import { readShellWork, type ShellWork } from "../broker/shell-call.js";
import { openPrograms } from "../world/program.js";
import type { Places } from "./places.js";
import { run } from "./run.js";
import { decodeWord, encodeWord } from "./shell-words.js";
import { shellsFolder } from "./shells.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Behind the shells that `holdpoint init` installs: the real shell of that name, with argv[0] and all words as they were
 * given, in a session of its own or in the one that is there. Says nothing where all is well: some who start a shell read
 * all that it prints.
 */
export async function startShell(
  name: string,
  words: readonly string[],
  places: Places,
  report: (error: unknown) => number,
): Promise<number> {
  try {
    return await start(name, words, places);
  } catch (error) {
    return holdWindow(report(error));
  }
}

async function start(name: string, words: readonly string[], places: Places): Promise<number> {
  const argv = words.map(decodeWord);
  const work = readShellWork(name, argv);
  const real = findReal(name, callersEnvironment(process.env, places), places);
  if (real === undefined) return refuse(`"${name}" is not installed on this machine`);
  const { env, program } = real;
  const sent = isAskedForEnvironment(env) ? leavingSession(name, argv, work, env).map(encodeWord) : words;
  const plain = [program, ...sent.slice(1).map(decodeWord)];
  const helper = join(places.packageRoot, "shims", "build", "shell");
  const isNative = existsSync(helper);
  if (!isNative && words.some((word) => word.includes("\ufffd")))
    return refuse("without a C compiler it cannot carry words that are not UTF-8");
  return run(
    {
      command: plain,
      relay: true,
      net: false,
      sandbox: false,
      reports: [],
      failOnDenied: false,
      quiet: true,
      env,
      keepsLevel: keepsLevel(name, argv, work, env),
      isDriven: isDriven(env),
      isRemote: name === "bash" && isRemote(argv, work, env),
      ...(isNative ? { launch: [helper, program, ...sent] } : {}),
    },
    places,
  );
}

/** As the caller of the installed shell had it. */
function callersEnvironment(env: Environment, places: Places): Environment {
  const { HOLDPOINT_NODE_OPTIONS: options, ...others } = env;
  const path = env["PATH"]?.split(":").filter((folder) => folder !== shellsFolder(places));
  return {
    ...others,
    ...(options === undefined ? {} : { NODE_OPTIONS: options }),
    ...(path === undefined ? {} : { PATH: path.join(":") }),
  };
}

/** What is to be executed, and the environment with a PATH on which the real shell of this name is found. */
interface Real {
  /** Its name: the session's shim is the first on PATH. Its path: the shim has been asked already. */
  readonly program: string;
  readonly env: Environment;
}

/** The password file, $SHELL, a link on PATH: each may lead back to the installed shell, which is none of these. */
function findReal(name: string, env: Environment, places: Places): Real | undefined {
  const { findProgram } = openPrograms(shellsFolder(places), () => false);
  const path = env["PATH"] ?? "";
  const id = env["HOLDPOINT_SESSION"] ?? "";
  const outside = (path || usualPath)
    .split(":")
    .filter((folder) => id === "" || !folder.endsWith(`${id}/bin`));
  const found = findProgram(name, outside.join(":"));
  if (found !== undefined) return { program: comesBack(name, env) ? found : name, env };
  const usual = findProgram(name, usualPath);
  return usual === undefined
    ? undefined
    : { program: name, env: { ...env, PATH: `${path}:${dirname(usual)}` } };
}

/** A shim was answered with a link to the installed shell: that one name would go from one to the other for ever. */
function comesBack(name: string, env: Environment): boolean {
  return (env["HOLDPOINT_VIA"] ?? "").split("\n").some((line) => line.startsWith(`${name}\t`));
}

/** An editor starts the user's login shell to learn its environment, and keeps that when the session is long over. */
function isAskedForEnvironment(env: Environment): boolean {
  return askers.some((variable) => env[variable] !== undefined);
}

/**
 * The text with the session's variables taken back in front, as any line could do it: judged with the text, by the same
 * rules, which see that no shim is on PATH behind it.
 */
function leavingSession(
  name: string,
  argv: readonly string[],
  work: ShellWork,
  env: Environment,
): readonly string[] {
  if (work.kind !== "text") return argv;
  const text = argv.indexOf(work.text);
  const isFish = name === "fish";
  const restored = sessionsOwn.map((variable) => {
    const value = env[variable];
    if (value === undefined) return `${isFish ? "set -e" : "unset"} ${variable}`;
    return isFish ? `set -gx ${variable} ${fishQuote(value)}` : `export ${variable}=${quote(value)}`;
  });
  const own = "HOLDPOINT_SESSION HOLDPOINT_MODE HOLDPOINT_LINE HOLDPOINT_VIA";
  const prefix = [isFish ? offFishPath : offPath, ...restored, `${isFish ? "set -e" : "unset"} ${own}`].join(
    "; ",
  );
  return argv.map((word, at) => (at === text ? `${prefix}; ${word}` : word));
}

/** What a session sets, and the caller may have had. */
const sessionsOwn = ["BASH_ENV", "ZDOTDIR", "PROMPT_COMMAND", "XDG_DATA_DIRS", "SHELL"];

/** The session's folder of programs, which BASH_ENV tells of, out of PATH; in the words of every POSIX shell. */
const offPath =
  'PATH=":$PATH:"; case "$PATH" in *":${BASH_ENV%/rc/*}/bin:"*) PATH="${PATH%%":${BASH_ENV%/rc/*}/bin:"*}:${PATH#*":${BASH_ENV%/rc/*}/bin:"}";; esac; PATH="${PATH#:}"; PATH="${PATH%:}"';
const offFishPath =
  'functions -e __hp_front; set -gx PATH (string match -v -- "*$HOLDPOINT_SESSION/bin" $PATH)';

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/**
 * A session sees to it that SHLVL is at least 1, for a bash that reads BASH_ENV; one level more than without a session is
 * what prompts show. An interactive shell reads no BASH_ENV, and one whose input is a terminal takes itself for no remote one.
 */
function keepsLevel(name: string, argv: readonly string[], work: ShellWork, env: Environment): boolean {
  if (name === "sh") return false;
  return hasOption(argv, "i") || (isatty(0) && (work.kind === "stdin" || !isFromSsh(env)));
}

/** In an editor's terminal, its agent has the keyboard, too. https://code.visualstudio.com/docs/terminal/shell-integration */
function isDriven(env: Environment): boolean {
  return env["TERM_PROGRAM"] === "vscode" || env["TERMINAL_EMULATOR"] !== undefined;
}

/** bash(1), "Invoked by remote shell daemon"; Debian's also asks for ssh's variables. */
function isRemote(argv: readonly string[], work: ShellWork, env: Environment): boolean {
  if (work.kind !== "text" || Number(env["SHLVL"]) >= 1) return false;
  if (argv[0]?.startsWith("-") || hasOption(argv, "[il]")) return false;
  if (argv.includes("--login") || argv.includes("--norc")) return false;
  return isFromSsh(env) || isSocket(0);
}

function hasOption(argv: readonly string[], letter: string): boolean {
  return argv.slice(1).some((word) => new RegExp(`^-[a-zA-Z]*${letter}`).test(word));
}

function isFromSsh(env: Environment): boolean {
  return env["SSH_CLIENT"] !== undefined || env["SSH2_CLIENT"] !== undefined;
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

function refuse(reason: string): Promise<number> {
  process.stderr.write(`holdpoint: no shell was started: ${reason}\n`);
  return holdWindow(126);
}

/** A window that closes at once would take the words along. */
async function holdWindow(status: number): Promise<number> {
  if (!isatty(0) || !isatty(2)) return status;
  process.stderr.write("(Enter closes this)\n");
  await new Promise((resolve) => {
    process.stdin.once("data", resolve).once("end", resolve).once("error", resolve);
    setTimeout(resolve, 60_000);
  });
  return status;
}

const askers = ["VSCODE_RESOLVING_ENVIRONMENT", "INTELLIJ_ENVIRONMENT_READER"];
const usualPath = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/opt/local/bin:/run/current-system/sw/bin";
