import { spawn } from "node:child_process";
import { basename } from "node:path";

/**
 * The same command with its work kept in the foreground. Codex's interface leaves what its model wants run to a server in the
 * background; one that was started before this session, by a plain `codex`, would run it without a guard.
 */
export async function inForeground(command: readonly string[]): Promise<readonly string[]> {
  const [program = "", ...args] = command;
  if (basename(program) !== "codex") return command;
  // Somebody else's server is not this flag's business: the reader of `codex` says what it thinks of it.
  if (args.some((word) => word === flag || word.startsWith("--remote"))) return command;
  return (await knows(program)) ? [program, flag, ...args] : command;
}

const flag = "--no-daemon";

/** An older Codex has neither the server nor the flag, and ends with 2. Whatever else happens, it is given the flag. */
function knows(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [flag, "--version"], { stdio: "ignore", timeout: 5000 });
    child.once("error", () => resolve(false));
    child.once("exit", (status) => resolve(status !== 2));
  });
}
