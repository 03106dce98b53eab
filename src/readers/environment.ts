import { settingsOf } from "../expand/settings-file.js";
import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { opaqueEffect } from "../model/effect.js";
import { type Env, emptyEnv, envFrom, envGet } from "../model/env.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions } from "./options.js";
import { resolvePath } from "./path.js";
import { effects, inner, type Reader } from "./reader.js";
import { isAssignment } from "./shell/sudo.js";
import { calledAs, wrap } from "./sight.js";

const options = declareOptions("first", [
  "-i --ignore-environment",
  "-0 --null",
  "-u --unset:",
  "-C --chdir:",
  "-S --split-string:",
  "-P:",
  "-a --argv0:",
  "-v --debug",
  "--block-signal::",
  "--default-signal::",
  "--ignore-signal::",
  "--list-signal-handling",
  "--help",
  "--version",
]);

export const environment: Reader = {
  names: ["env", "genv"],
  read(call, world) {
    const words = splitStrings(call, call.argv.slice(1));
    if (!Array.isArray(words)) {
      const because = "cannot tell what it would run: its one string of words is not known";
      return effects(opaqueEffect("env", "env -S", because));
    }
    const given = readOptions(words, options);
    // A lone `-` is `-i`.
    const isBare = given.operands[0] === "-";
    const rest = isBare ? given.operands.slice(1) : given.operands;
    const wiped = isBare || hasOption(given, "ignore-environment");
    const start = rest.findIndex((word) => !isSetting(word));
    const assigned = rest.slice(0, start < 0 ? undefined : start).flatMap(readAssignment);
    const unset = optionValues(given, "unset").flatMap((name): readonly (readonly [string, undefined])[] =>
      isKnown(name) ? [[name, undefined]] : [],
    );
    // `env $(cat .env) program`
    const settings = rest[0] === undefined ? [] : settingsOf(rest[0], world);
    const env: Env = envFrom([...unset, ...settings, ...assigned], wiped ? emptyEnv : call.env);
    const chosen = optionValue(given, "chdir");
    const cwd = chosen === undefined ? call.cwd : (resolvePath(call, world, chosen) ?? call.cwd);
    const changed = hasOption(given, "P") ? { sight: "never" as const } : {};
    const started = wrap(call, world, start < 0 ? [] : rest.slice(start), "env", { env, cwd, ...changed });
    return inner(...calledAs(optionValues(given, "argv0"), started));
  },
};

/** Of any name, or none: `env =1 rm x`, `env a-b=1 rm x`. */
function isSetting(word: Arg): boolean {
  return isKnown(word) ? word.includes("=") : isAssignment(word);
}

function readAssignment(word: Arg): readonly (readonly [string, Arg])[] {
  const text = isKnown(word) ? word : word.prefix;
  const at = text.indexOf("=");
  if (at < 0) return [];
  const value = isKnown(word) ? word.slice(at + 1) : { ...word, prefix: text.slice(at + 1) };
  return [[text.slice(0, at), value]];
}

/** `env -S 'a b' c` is `env a b c`, its string split by rules much like a shell's. Undefined when it cannot be known. */
function splitStrings(call: Call, words: readonly Arg[]): readonly Arg[] | undefined {
  const out: Arg[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const text = isKnown(word) ? word : word.prefix;
    if (!text.startsWith("-") || text === "--") return [...out, ...words.slice(at)];
    const match = /^(?:-[i0v]*S|--s[a-z-]*=)(.*)$/s.exec(text);
    const isApart = /^(-[i0v]*S|--s[a-z-]*)$/.test(text);
    if (match === null && !isApart) {
      out.push(word);
      // Options with a value of their own: the value is no option.
      if (/^-[i0v]*[uCPa]$|^--(u[a-z]*|chd[a-z]*|a[a-z]*)$/.test(text))
        out.push(...words.slice(++at, at + 1));
      continue;
    }
    const string = isApart ? words[at + 1] : isKnown(word) ? match?.[1] : undefined;
    if (string === undefined || !isKnown(string)) return undefined;
    if (/^-[0v]*i/.test(text)) out.push("-i");
    const split = splitString(call, string);
    return split && splitStrings(call, [...out, ...split, ...words.slice(at + (isApart ? 2 : 1))]);
  }
  return out;
}

function splitString(call: Call, text: string): readonly Arg[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  const pattern = /'([^']*)'|"((?:\\.|[^"\\])*)"|\$\{(\w+)\}|\\(.)|(\s+)|([^'"\\\s$]+|.)/gs;
  for (const [, single, double, variable, escaped, space, plain] of text.matchAll(pattern)) {
    if (space !== undefined || escaped === "_") {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const value = variable === undefined ? "" : envGet(call.env, variable);
    // One that is not set leaves nothing, not even an empty word.
    if (value === undefined) continue;
    if (!isKnown(value)) return undefined;
    word = (word ?? "") + (single ?? double?.replace(/\\(.)/g, "$1") ?? escaped ?? plain ?? value);
  }
  if (word !== undefined) words.push(word);
  return words;
}
