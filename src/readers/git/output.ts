import { isKnown } from "../../model/arg.js";
import { creation, overwriting } from "../file-effects.js";
import { optionValue } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, type Reading } from "../reader.js";
import { splitAssignment } from "../shell/sudo.js";
import { type GitCall, readGitOptions } from "./call.js";
import { readSetting } from "./code.js";
import { readChosenHooks } from "./hooks.js";
import { declareGit } from "./options.js";

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
      ...madeFolders(git).flatMap((folder) => {
        const path = resolvePath(git, world, folder);
        return path === undefined || !isKnown(path) ? [] : [creation("git", path)];
      }),
    ),
    name === "clone" ? readCloneSettings(git) : { effects: [], inner: [], wantsStdin: false },
  );
}

const cloneOptions = declareGit([
  ...["-b --branch:", "-c --config:", "-j --jobs:", "-o --origin:", "-u --upload-pack:"],
  ...["depth", "reference", "reference-if-able", "separate-git-dir", "server-option", "template"].map(
    (one) => `--${one}:`,
  ),
  ...["shallow-since", "shallow-exclude", "filter", "bundle-uri", "ref-format"].map((one) => `--${one}:`),
]);
const initOptions = declareGit([
  ...["-b --initial-branch:", "--template:", "--separate-git-dir:", "--object-format:", "--ref-format:"],
  ...["--shared::", "--bare", "-q --quiet"],
]);

/** The folder that a clone makes, which may be the guard's, or one of hooks; and the repository that is kept apart from it. */
function madeFolders(git: GitCall): readonly string[] {
  if (git.name !== "clone" && git.name !== "init") return [];
  const given = readGitOptions(git, git.name === "clone" ? cloneOptions : initOptions, git.words);
  const operands = given?.operands.filter(isKnown) ?? [];
  const apart = given === undefined ? undefined : optionValue(given, "separate-git-dir");
  const source = operands[0]?.replace(/\/+$/, "").replace(/\/?\.git$/, "");
  const own = git.name === "init" ? operands[0] : (operands[1] ?? source?.replace(/^.*[/:]/s, ""));
  return [own, apart].flatMap((one) => (one !== undefined && isKnown(one) && one !== "" ? [one] : []));
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
