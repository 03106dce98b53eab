import { isForeign, isKnown, secretsOf, showArg } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { emptyEnv } from "../../model/env.js";
import { appending, overwriting, readPaths } from "../file-effects.js";
import { isStandardInput, readText } from "../files/text-file.js";
import { readForeign, readForeignFile } from "../http/fetched.js";
import { declareOptions, hasOption, optionValues, readOptions } from "../options.js";
import { effects, inner, nothing, type Reader } from "../reader.js";
import { calledAs, lineSight, systemPath, withPath, wrap } from "../sight.js";

const commandOptions = declareOptions("first", ["-p", "-v", "-V"]);

export const command: Reader = {
  names: ["command"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), commandOptions);
    if (hasOption(given, "v", "V")) return nothing;
    // `command -p rm` looks on the system's own PATH, past the shims.
    const more = hasOption(given, "p") ? { sight: "never" as const } : {};
    return inner(...wrap(call, world, given.operands, "command", more));
  },
};

export const builtin: Reader = {
  names: ["builtin"],
  read(call, world) {
    const [name = "", ...words] = call.argv.slice(1);
    // zsh has its builtins of zsh/files by names of their own as well.
    const own = isKnown(name) ? name.replace(/^zf_/, "") : name;
    return inner(...wrap(call, world, [own, ...words], "builtin", { sight: "never" }));
  },
};

/** `zmodload zsh/mapfile; mapfile[notes.txt]=x; unset 'mapfile[notes.txt]'`: files by the name of a variable. */
export const zmodload: Reader = {
  names: ["zmodload"],
  read({ argv }) {
    const found = argv.slice(1).find((word) => !isKnown(word) || word === "zsh/mapfile");
    return found === undefined
      ? nothing
      : effects(opaqueEffect("zmodload", showArg(found), "assignments may write and delete files"));
  },
};

const sysopenOptions = declareOptions("anywhere", ["-r", "-w", "-a", "-o:", "-m:", "-u:"]);

/** zsh/system: `sysopen -w -u 3 notes.txt`. */
export const sysopen: Reader = {
  names: ["sysopen"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), sysopenOptions);
    if (!hasOption(given, "w", "a")) return nothing;
    const write = hasOption(given, "a") ? appending : overwriting;
    return effects(
      ...readPaths(call, world, given.operands, "overwrite", (path) => write("sysopen", path, world)),
    );
  },
};

/** `hash -p /bin/rm zz; zz -rf x`, zsh's `hash zz=/bin/rm`: a name that no shim has, for a program of which nobody sees the words. */
export const hash: Reader = {
  names: ["hash"],
  read(call) {
    const isNamed = call.argv.some((word) => isKnown(word) && /^-\w*d/.test(word));
    const renames = call.argv.some(
      (word, at) =>
        at > 0 && isKnown(word) && (/^-[lrdt]*p/.test(word) || (!isNamed && /^[^-=]+=./.test(word))),
    );
    const text = call.argv.map(showArg).join(" ");
    return renames ? effects(opaqueEffect("hash", text, "it gives a program another name")) : nothing;
  },
};

const execOptions = declareOptions("first", ["-c", "-l", "-a:"]);

export const exec: Reader = {
  names: ["exec"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), execOptions);
    const more = hasOption(given, "c") ? { env: withPath(emptyEnv, systemPath) } : {};
    return inner(...calledAs(optionValues(given, "a"), wrap(call, world, given.operands, "exec", more)));
  },
};

/** Programs that print settings for a shell; `eval "$(ssh-agent)"` is how they are meant to be used. */
const settings =
  /^"?(\$\(|`)\s*(\w+=[\w./:-]* )*(command )?([^\s;|&<>()`]*\/)?(ssh-agent|gpg-agent|dbus-launch|sheldon|ssh-find-agent|pyenv|rbenv|nodenv|jenv|direnv|brew|starship|zoxide|fnm|mise|opam|conda|dircolors|keychain|minikube|lesspipe|luarocks|thefuck|locale|resize|tset|register-python-argcomplete)\b/;

/** `$(brew shellenv; decode x)` is more than brew says. */
function isOneCommand(source: string): boolean {
  const inside = source.replace(/^"?(\$\(|`)/, "").replace(/[`)]"?$/, "");
  return !/[;|&<`\n]|\$\(/.test(inside.replace(/2?>\s*(\/dev\/null|&1)|\|\|\s*(true|:)\s*$/g, ""));
}

/** `docker-machine env x`, `op signin`, `gh completion -s bash`: by the word that asks for them. */
function printsSettings(source: string): boolean {
  const [, name = "", words = ""] =
    /^"?(?:\$\(|`)\s*(?:command )?(?:(?:~|\$HOME|\/(?:usr|opt|home|Users)\b)[\w./-]*\/)?([\w.-]+)((?: [\w./:=@$'"-]+)*)\s*[)`]"?$/.exec(
      source,
    ) ?? [];
  return asking.test(words) && !speaking.test(name);
}

/** Among the first two words; options do not count. */
const asking =
  /^(?: -\S+)*(?: [\w-]+)?(?: -\S+)* (?:init|hook|env|shellenv|shell-env|print-dev-env|activate|signin|completions?|autocomplete\S*|docker-env|podman-env|export-credentials|generate-shell-completion|--completion\S*|-Mlocal::lib)(?= |$)/;

/** What they print is a text of somebody else's, or of any kind. */
const speaking =
  /^(curl|wget|https?|xh|nc|ncat|cat|head|tail|echo|printf|base64|base32|xxd|openssl|gpg|sed|awk|grep|jq|tr|rev|ssh|(ba|da|z|k|c|fi)?sh|env|sudo|python[\d.]*|node|deno|bun|ruby|php|docker-exec)$/;

/** Text that is known has been run in its place already; what comes here is what could not be. */
export const evaluate: Reader = {
  names: ["eval"],
  read(call, world) {
    const words = call.argv.slice(call.argv[1] === "--" ? 2 : 1);
    const hidden = words.find((word) => !isKnown(word));
    if (hidden !== undefined && !isKnown(hidden)) {
      const source = words.map(showArg).join(" ");
      if (isForeign(hidden.reason)) return readForeign(call, source, hidden.reason);
      // `eval "$(cat .env)"` is `source .env`.
      const [, whole] = /^"?(?:\$\((?:cat |<) *|`cat )"?([^\s"'`$()|;&]+)"?[)`]"?$/.exec(source) ?? [];
      if (whole !== undefined && secretsOf(hidden.reason).length === 1)
        return inner({ kind: "call", argv: ["source", whole], via: "eval", sight: "never" });
      const guarded = !(settings.test(source) && isOneCommand(source)) && !printsSettings(source);
      return effects(
        opaqueEffect("eval", source, `cannot tell what it would run: ${hidden.reason}`, guarded),
      );
    }
    const text = words.map(showArg).join(" ");
    return inner({ kind: "line", text, shell: "bash", via: "eval", ...lineSight(call, world) });
  },
};

export const source: Reader = {
  names: ["source", "."],
  read(call, world) {
    const [file, ...args] = call.argv.slice(call.argv[1] === "--" ? 2 : 1);
    if (file === undefined) return nothing;
    const { stdin } = call;
    const isPiped = isStandardInput(file);
    const from = isPiped && stdin.kind === "file" ? stdin.path : file;
    if (isPiped && stdin.kind === "unknown") return readForeign(call, file, stdin.reason);
    const text = isPiped && stdin.kind === "text" ? stdin.text : readText(call, world, from);
    if (text === undefined) return readForeignFile(call, world, from);
    return inner({
      kind: "line",
      text,
      shell: "bash",
      via: "source",
      args: [file, ...args],
      ...lineSight(call, world),
    });
  },
};
