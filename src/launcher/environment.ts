import { basename, join } from "node:path";
import { promptNet } from "../model/prompt-net.js";

/** The environment from outside (`outer`), and where the session has its shims and start-up files. */
export interface EnvironmentOptions {
  readonly outer: Readonly<Record<string, string | undefined>>;
  readonly bin: string;
  readonly rc: string;
  readonly session: string;
  readonly mode: string;
  readonly hasShim: (name: string) => boolean;
  /** Leave SHLVL as it is: this shell reads BASH_ENV, or has no use for it, whatever it says. */
  readonly keepsLevel?: boolean;
}

/** The environment that the agent starts with: shims first on PATH, and start-up files that put them back there. */
export function sessionEnvironment(options: EnvironmentOptions): Readonly<Record<string, string>> {
  const { outer, bin, rc, session, mode } = options;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) if (value !== undefined) env[name] = value;
  // Control of the multiplexer around the agent is a way to type into the human's terminal.
  for (const name of removed) delete env[name];
  const path = outer["PATH"];
  env["PATH"] = path === undefined || path === "" ? `${bin}:${defaultPath}` : `${bin}:${path}`;
  const shell = basename(outer["SHELL"] ?? "");
  if (shells.has(shell) && options.hasShim(shell)) env["SHELL"] = join(bin, shell);
  // The user's own are kept by writeUserStart: our start-up files run theirs as well.
  env["BASH_ENV"] = join(rc, "bashenv.sh");
  env["ZDOTDIR"] = join(rc, "zsh");
  // fish finds its own there; what is not set stands for these two folders to everybody who reads it.
  if (options.hasShim("fish"))
    env["XDG_DATA_DIRS"] = `${join(rc, "data")}:${outer["XDG_DATA_DIRS"] || "/usr/local/share:/usr/share"}`;
  // An interactive bash that no shim has started reads neither: it arms itself before its first prompt.
  env["PROMPT_COMMAND"] = promptNet(rc);
  // Without it, a bash whose stdin is a socket takes itself for a remote shell and skips BASH_ENV.
  if (options.keepsLevel !== true && !(Number(outer["SHLVL"]) >= 1)) env["SHLVL"] = "1";
  env["HOLDPOINT_SESSION"] = session;
  env["HOLDPOINT_MODE"] = mode;
  return env;
}

const shells: ReadonlySet<string> = new Set(["bash", "zsh", "fish", "sh", "dash"]);
const removed = ["TMUX", "TMUX_PANE", "STY", "HOLDPOINT_LINE", "HOLDPOINT_VIA"];
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
