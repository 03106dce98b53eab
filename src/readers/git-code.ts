import { isKnown } from "../model/arg.js";
import type { Inner } from "../model/call.js";
import { envGet } from "../model/env.js";
import type { GitCall } from "./git-call.js";
import { inner, nothing, type Reading } from "./reader.js";
import { lineSight, wrap } from "./sight.js";

/** Settings whose value git gives to a shell. */
const programs =
  /^(core\.(pager|editor|sshcommand|askpass|fsmonitor|gitproxy|alternaterefscommand)|sequence\.editor|diff\.external|diff\..+\.(command|textconv)|(diff|merge)tool\..+\.cmd|merge\..+\.driver|filter\..+\.(clean|smudge|process)|pager\..+|gpg\.(.+\.)?program|remote\..+\.(uploadpack|receivepack)|interactive\.difffilter|uploadpack\.packobjectshook|trailer\..+\.(cmd|command)|browser\..+\.cmd|man\..+\.cmd)$/;
/** Settings of which only a value that begins with `!` is given to one. */
const marked = /^(alias\..+|credential\.(.+\.)?helper|submodule\..+\.update)$/;

/** The program in a setting, judged as if it ran: `git -c core.pager='rm -r notes' log`. */
export function readSetting(git: GitCall, name: string, value: string): readonly Inner[] {
  const key = name.toLowerCase();
  const text = programs.test(key)
    ? value.replace(/^!/, "")
    : marked.test(key) && value.startsWith("!")
      ? value.slice(1)
      : "";
  return /^(true|false|yes|no|on|off|)$/.test(text.trim()) ? [] : [line(git, text, `git ${name}`)];
}

const variables = [
  "GIT_SSH_COMMAND",
  "GIT_EXTERNAL_DIFF",
  "GIT_PAGER",
  "GIT_EDITOR",
  "GIT_SEQUENCE_EDITOR",
  "GIT_PROXY_COMMAND",
];

/** The same in the environment. A single word is a program that takes no orders from here. */
export function readVariables(git: GitCall): readonly Inner[] {
  return variables.flatMap((name) => {
    const value = envGet(git.call.env, name);
    return value !== undefined && isKnown(value) && /\S\s+\S/.test(value) ? [line(git, value, name)] : [];
  });
}

/** Words of a subcommand that are commands themselves. */
export function readCommands(git: GitCall): Reading {
  const { name, words } = git;
  const values = lineOptions.flatMap(({ of, option }) => (of.test(name) ? valuesOf(words, option) : []));
  const lines = values.map((text) => line(git, text, `git ${name}`));
  if (name === "bisect" && words[0] === "run")
    return inner(...lines, ...wrap(git.call, git.world, words.slice(1), "git bisect run", { cwd: git.cwd }));
  if (name === "submodule" && words.includes("foreach")) {
    const rest = words.slice(words.indexOf("foreach") + 1).filter((word) => word !== "--recursive");
    return inner(...lines, line(git, rest.join(" "), "git submodule foreach"));
  }
  return lines.length > 0 ? inner(...lines) : nothing;
}

const lineOptions: readonly { readonly of: RegExp; readonly option: RegExp }[] = [
  { of: /^rebase$/, option: /^(-x|--exec)$/ },
  { of: /^difftool$/, option: /^(-x|--extcmd)$/ },
  { of: /^(fetch|pull|clone|ls-remote|fetch-pack)$/, option: /^(-u|--upload-pack)$/ },
  { of: /^(push|send-pack)$/, option: /^(--receive-pack|--exec)$/ },
  { of: /^archive$/, option: /^--exec$/ },
  { of: /^filter-branch$/, option: /^--(tree|index|env|msg|parent|commit|tag-name)-filter$/ },
];

function valuesOf(words: readonly string[], option: RegExp): readonly string[] {
  return words.flatMap((word, at) => {
    const [, name = "", value = ""] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (name !== "" && option.test(name)) return [value];
    const next = words[at + 1];
    return option.test(word) && next !== undefined ? [next] : [];
  });
}

/** `!cmd` of an alias: the words behind it are appended, and it runs at the top of the work tree. */
export function readAliasCommand(git: GitCall, text: string): Inner {
  const top = isKnown(git.cwd) ? git.world.git.repository(git.cwd)?.top : undefined;
  return {
    ...line(git, `${text} "$@"`, `git ${git.name}`),
    args: ["git", ...git.words],
    cwd: top ?? git.cwd,
  };
}

function line(git: GitCall, text: string, via: string): Inner & { kind: "line" } {
  return { kind: "line", text, shell: "sh", via, cwd: git.cwd, ...lineSight(git.call, git.world) };
}
