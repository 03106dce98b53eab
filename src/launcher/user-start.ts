import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps the start-up files that the user had chosen, for our own to read after they have asked. In files of the session's
 * directory, which the guard protects: a variable could be set by the agent to a file of its own, which nobody judged.
 */
export function writeUserStart(
  rc: string,
  outer: Readonly<Record<string, string | undefined>>,
  isRemote = false,
): void {
  const { BASH_ENV: file = "", ZDOTDIR: folder = "" } = outer;
  // bash(1) expands BASH_ENV like a word in double quotes.
  const word = `"${file.replaceAll('"', '\\"')}"`;
  const own = file === "" ? "" : `if [[ -r ${word} ]]; then . ${word}; fi\n`;
  // The shell of `ssh host command` reads these in its place; the session's own command is a child of this process.
  const remote = `if [[ $PPID == ${process.pid} ]]; then for __hp_own in /etc/bash.bashrc ~/.bashrc; do if [[ -r $__hp_own ]]; then . "$__hp_own"; fi; done; unset __hp_own\n`;
  const text = isRemote ? `${remote}${own === "" ? "" : `else ${own}`}fi\n` : own;
  if (text !== "") writeFileSync(join(rc, "user.bash"), text);
  if (folder !== "")
    writeFileSync(join(rc, "zsh", "folder.zsh"), `ZDOTDIR='${folder.replaceAll("'", "'\\''")}'\n`);
}
