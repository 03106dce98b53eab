import { isKnown } from "../../model/arg.js";
import type { Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import { inner, join, nothing, type Reading } from "../reader.js";
import { lineSight, wrap } from "../sight.js";
import type { GitCall } from "./call.js";
import { readTemplate } from "./hooks.js";
import { withoutSetting } from "./settings.js";
import { findSubmodules } from "./submodule.js";

/** Settings whose value git gives to a shell. */
const programs =
  /^(core\.(pager|editor|sshcommand|askpass|fsmonitor|gitproxy|alternaterefscommand)|sequence\.editor|diff\.external|diff\..+\.(command|textconv)|(diff|merge)tool\..+\.cmd|merge\..+\.driver|filter\..+\.(clean|smudge|process)|pager\..+|gpg\.(.+\.)?program|remote\..+\.(uploadpack|receivepack)|interactive\.difffilter|uploadpack\.packobjectshook|trailer\..+\.(cmd|command)|browser\..+\.cmd|man\..+\.cmd|web\.browser|sendemail\.(smtpserver|sendmailcmd|tocmd|cccmd|headercmd)|imap\.tunnel|tar\..+\.command|extensions\.worktreecmd)$/;
/** Settings of which only a value that begins with `!` is given to one. */
const marked = /^(alias\..+|credential\.(.+\.)?helper|submodule\..+\.update)$/;

/** The program in a setting, judged as if it ran: `git -c core.pager='rm -r notes' log`. */
export function readSetting(git: GitCall, key: string, value: string): readonly Inner[] {
  const [, transport] = /^ext::(.*)$/s.exec(value) ?? [];
  if (transport !== undefined) return [line(git, transport, `git ${key}`)];
  const isHelper = /^credential\./.test(key) && value.startsWith("/");
  const text =
    programs.test(key) || isHelper
      ? value.replace(/^!/, "")
      : marked.test(key) && value.startsWith("!")
        ? value.slice(1)
        : "";
  if (/^(true|false|yes|no|on|off|)$/.test(text.trim())) return [];
  const via = `git ${key}`;
  const started = line(git, text, via);
  if (!git.call.via.includes(via)) return [started];
  return [{ ...started, env: withoutSetting(git.call.env, key, value) }];
}

/** Shell text in the environment, and programs: those take no words from here. */
const variables = [
  "GIT_SSH_COMMAND",
  "GIT_EXTERNAL_DIFF",
  "GIT_PAGER",
  "GIT_EDITOR",
  "GIT_SEQUENCE_EDITOR",
  "GIT_PROXY_COMMAND",
];
const executables = ["GIT_SSH", "GIT_ASKPASS", "SSH_ASKPASS"];

export function readVariables(git: GitCall): readonly Inner[] {
  const others = ["EDITOR", "VISUAL", "PAGER"].filter((name) => !plain.test(variable(git, name) ?? ""));
  const texts = [...variables, ...others].flatMap((name) => {
    const value = variable(git, name);
    // A single word takes no orders from here, but may be a script.
    return value !== undefined && /\S\s+\S|\//.test(value) ? [line(git, value, name)] : [];
  });
  const started = executables.flatMap((name) => {
    const value = variable(git, name);
    return value?.includes("/") === true ? wrap(git.call, git.world, [value], name, { cwd: git.cwd }) : [];
  });
  return [...texts, ...started];
}

/** A program of the system, with options at most. Everybody has these variables, and each git call would read them. */
const plain = /^((\/usr(\/local)?)?\/bin\/)?[\w.+-]*(\s+-[\w=,.+-]*)*$/;

function variable(git: GitCall, name: string): string | undefined {
  const value = envGet(git.call.env, name);
  return value !== undefined && isKnown(value) && value !== "" ? value : undefined;
}

/**
 * What stands in ssh's place gets the user's access to the remote, and words that nobody sees. Asked about only where git
 * would start it.
 */
export function readTransport(git: GitCall): readonly Effect[] {
  if (!reachesOut(git)) return [];
  const text =
    variable(git, "GIT_SSH_COMMAND") ??
    git.settings.findLast(({ key }) => key === "core.sshcommand")?.value ??
    variable(git, "GIT_SSH");
  const program = startedBy(text ?? "").find((one) => !isTransport.test(one));
  if (program === undefined) return [];
  return [opaqueEffect("git", program, "it would be started in ssh's place, with the access that ssh has")];
}

const isTransport = /(^|[/\\])(ssh|plink|tortoiseplink|sshpass|true|false|echo|cd|exit)(\.exe)?["']?$/i;

/** The first word of each command of a text: Claude Code has `CDPATH= cd -- 'DIR' 2>/dev/null || cd / || exit 1; ssh -o …`. */
function startedBy(text: string): readonly string[] {
  const plain = text.replace(/'[^']*'|"[^"]*"/g, (quoted) => quoted.replace(/[;&|\s]/g, "_"));
  return plain.split(/[;|\n]|(?<![<>])&(?!>)/).flatMap((command) => {
    const words = command.trim().split(/\s+/);
    return words.filter((word) => !/^(|exec|env|[A-Za-z_]\w*=.*)$/.test(word)).slice(0, 1);
  });
}

function reachesOut({ name, words }: GitCall): boolean {
  if (name === "remote") return words.some((word) => word === "update" || word === "prune");
  if (name === "archive") return words.some((word) => word.startsWith("--remote"));
  if (name === "submodule") return words.includes("update") || words.includes("add");
  return /^(fetch|pull|push|clone|ls-remote|send-pack|fetch-pack)$/.test(name);
}

/** Words of a subcommand that are commands themselves. */
export function readCommands(git: GitCall): Reading {
  const { name, words } = git;
  const values = lineOptions.flatMap(({ of, options }) => (of.test(name) ? valuesOf(words, options) : []));
  const remotes = words.flatMap((word) => /^(?:--remote=)?ext::(.*)$/s.exec(word)?.[1] ?? []);
  const lines = [...values, ...remotes].map((text) => line(git, text, `git ${name}`));
  if (name === "clone" || name === "init")
    return join(inner(...lines), readTemplate(git, valuesOf(words, ["--template"])));
  if (name === "bisect" && words[0] === "run")
    return inner(...lines, ...wrap(git.call, git.world, words.slice(1), "git bisect run", { cwd: git.cwd }));
  if (name === "submodule" && words.includes("foreach")) return inner(...lines, ...readForeach(git));
  return lines.length > 0 ? inner(...lines) : nothing;
}

/** One word is shell text, several are a command as it stands; both run inside each submodule. */
function readForeach(git: GitCall): readonly Inner[] {
  const rest = git.words
    .slice(git.words.indexOf("foreach") + 1)
    .filter((word) => !/^(--recursive|--quiet|-q)$/.test(word));
  const folders = findSubmodules(git) ?? [];
  const places = folders.length > 0 ? folders.slice(0, 20) : [git.cwd];
  return places.map((cwd) => ({ ...line(git, rest.join(" "), "git submodule foreach"), cwd }));
}

const lineOptions: readonly { readonly of: RegExp; readonly options: readonly string[] }[] = [
  { of: /^rebase$/, options: ["-x", "--exec"] },
  { of: /^difftool$/, options: ["-x", "--extcmd"] },
  { of: /^clone$/, options: ["-u", "--upload-pack"] },
  { of: /^(fetch|pull|ls-remote|fetch-pack)$/, options: ["--upload-pack", "--exec"] },
  { of: /^(push|send-pack)$/, options: ["--receive-pack", "--exec"] },
  { of: /^send-email$/, options: ["--sendmail-cmd", "--to-cmd", "--cc-cmd", "--header-cmd"] },
  { of: /^instaweb$/, options: ["-d", "--httpd", "-b", "--browser"] },
  { of: /^archive$/, options: ["--exec"] },
  { of: /^grep$/, options: ["-O", "--open-files-in-pager"] },
  {
    of: /^filter-branch$/,
    options: ["tree", "index", "env", "msg", "parent", "commit", "tag-name"].map(
      (part) => `--${part}-filter`,
    ),
  },
];

/** `--exec TEXT`, `--exec=TEXT`, `-xTEXT`, `--exe TEXT`. */
function valuesOf(words: readonly string[], options: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const isLong =
      name.length > 4 && options.some((option) => option.startsWith("--") && option.startsWith(name));
    if (isLong && equals >= 0) return [word.slice(equals + 1)];
    const next = words[at + 1];
    // `rebase -ix 'make test'`: the last letter of a cluster takes the next word.
    const isCluster = /^-[a-zA-Z]{2,}$/.test(word) && options.includes(`-${word.slice(-1)}`);
    if (isLong || options.includes(word) || isCluster)
      return next === undefined || name.startsWith("--open") ? [] : [next];
    const short = options.find((option) => !option.startsWith("--") && word.startsWith(option));
    return short === undefined || word.startsWith("--") ? [] : [word.slice(2)];
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
