import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps the start-up files that the user had chosen, for our own to read after they have asked. In files of the session's
 * directory, which the guard protects: a variable could be set by the agent to a file of its own, which nobody judged.
 */
export function writeUserStart(rc: string, outer: Readonly<Record<string, string | undefined>>): void {
  const { BASH_ENV: file = "", ZDOTDIR: folder = "" } = outer;
  // bash(1) expands BASH_ENV like a word in double quotes.
  const word = `"${file.replaceAll('"', '\\"')}"`;
  if (file !== "") writeFileSync(join(rc, "user.bash"), `if [[ -r ${word} ]]; then . ${word}; fi\n`);
  if (folder !== "")
    writeFileSync(join(rc, "zsh", "folder.zsh"), `ZDOTDIR='${folder.replaceAll("'", "'\\''")}'\n`);
}
