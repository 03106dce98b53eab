import { isKnown } from "../../model/arg.js";
import { overwriting } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, type Reading } from "../reader.js";
import { splitAssignment } from "../shell/sudo.js";
import type { GitCall } from "./call.js";
import { readSetting } from "./code.js";
import { readChosenHooks } from "./hooks.js";

/** Files that a command writes which is harmless otherwise: `--output=FILE` of diff and log, `-o FILE` of archive. */
export function readOutput(git: GitCall): Reading {
  const { words, world, name } = git;
  const outputs = words.flatMap((word, at) => {
    const [, attached] = /^--outp(?:u|ut)?=(.*)$/s.exec(word) ?? [];
    if (attached !== undefined) return [attached];
    const isApart = /^--outp(u|ut)?$/.test(word) || (word === "-o" && name === "archive");
    return isApart ? words.slice(at + 1, at + 2) : [];
  });
  const bundle =
    name === "bundle" && words[0] === "create"
      ? words.slice(1).find((word) => !word.startsWith("-"))
      : undefined;
  return join(
    effects(
      ...[...outputs, ...(bundle === undefined || bundle === "-" ? [] : [bundle])].flatMap((file) => {
        const path = resolvePath(git, world, file);
        return path === undefined || !isKnown(path) ? [] : overwriting("git", path, world);
      }),
    ),
    name === "clone" ? readCloneSettings(git) : { effects: [], inner: [], wantsStdin: false },
  );
}

/** `git clone -c core.sshCommand=…` holds while it clones, and after. */
function readCloneSettings(git: GitCall): Reading {
  const { words } = git;
  const settings = words.flatMap((word, at) => {
    const [, attached] = /^--config=(.*)$/s.exec(word) ?? [];
    if (attached !== undefined) return [attached];
    return word === "-c" || word === "--config" ? words.slice(at + 1, at + 2) : [];
  });
  const pairs = settings.map(splitAssignment).map(([key, value]) => [key.toLowerCase(), value] as const);
  return join(
    inner(...pairs.flatMap(([key, value]) => readSetting(git, key, value))),
    ...pairs.filter(([key]) => key === "core.hookspath").map(([, value]) => readChosenHooks(git, value)),
  );
}
