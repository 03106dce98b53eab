import { basename, dirname, join } from "node:path";

/**
 * The environment of a process that outlived its session (an editor started from a guarded terminal, a tmux server), as if
 * that session had never been: its programs would deny, its start-up files are gone. Only called where no session answers.
 * A SHELL that was the ended session's becomes the installed shell of that name, below `userData`.
 */
export function leaveEndedSession(
  env: Readonly<Record<string, string | undefined>>,
  userData: string,
): Readonly<Record<string, string | undefined>> {
  const id = env["HOLDPOINT_SESSION"];
  if (id === undefined || !/^[a-z2-7]{7}$/.test(id)) return env;
  const kept: Record<string, string | undefined> = { ...env };
  const isEnded = (folder: string) => basename(folder) === "bin" && dirname(folder).endsWith(id);
  const path = env["PATH"]?.split(":") ?? [];
  const folders = path.filter(isEnded).map((folder) => dirname(folder));
  if (folders.length > 0) kept["PATH"] = path.filter((folder) => !isEnded(folder)).join(":");
  const isBelow = (value: string) =>
    folders.some((folder) => value.startsWith(`${folder}/`)) || value.includes(`${id}/rc`);
  const data = env["XDG_DATA_DIRS"]?.split(":") ?? [];
  if (data.some((folder) => folder.endsWith(`${id}/rc/data`)))
    kept["XDG_DATA_DIRS"] = data.filter((folder) => !folder.endsWith(`${id}/rc/data`)).join(":");
  for (const name of startFiles) if (isBelow(env[name] ?? "")) delete kept[name];
  const shell = env["SHELL"] ?? "";
  if (isEnded(dirname(shell))) kept["SHELL"] = join(userData, "shells", basename(shell));
  const preloaded = env["LD_PRELOAD"]?.split(":") ?? [];
  if (preloaded.some((file) => file.endsWith(`${id}/net/reach.so`)))
    kept["LD_PRELOAD"] = preloaded.filter((file) => !file.endsWith(`${id}/net/reach.so`)).join(":");
  for (const name of ownNames) delete kept[name];
  return kept;
}

/** `USER_ZDOTDIR` is where an editor keeps the ZDOTDIR that it replaced. */
const startFiles = ["BASH_ENV", "ZDOTDIR", "USER_ZDOTDIR", "PROMPT_COMMAND"];
const ownNames = [
  "HOLDPOINT_SESSION",
  "HOLDPOINT_MODE",
  "HOLDPOINT_LINE",
  "HOLDPOINT_VIA",
  "HOLDPOINT_REACH",
];
