import { type Arg, isForeign, isKnown, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import { readFishCall } from "../../model/fish-call.js";
import type { World } from "../../model/world.js";
import { isStandardInput } from "../files/text-file.js";
import { readForeign, readForeignFile } from "../http/fetched.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { isBelowShell, isSessions, isUnseen } from "./held-shell.js";
import { line, readScriptFile, unreadable } from "./shells.js";

export const fish: Reader = {
  names: ["fish"],
  read(call, world) {
    const given = readFishCall(call.argv.slice(1), behind);
    if (given.flags.includes("n")) return nothing;
    const args = ["fish", ...given.operands];
    const first = given.first.filter((text) => isBelowShell(call) || !isEditors(text));
    const texts = [...first, ...given.texts].map((text) => readText(call, world, text, args));
    return join(
      readStartup(call, world, given.flags),
      ...texts,
      given.texts.length > 0 ? nothing : readOrders(call, world, given.flags, given.operands),
    );
  },
};

/** An editor's terminal starts `fish --init-command 'source ITS-OWN'`: no line chose that file, as with bash's `--init-file`. */
function isEditors(text: Arg): boolean {
  return isKnown(text) && /^\s*source\s+("[^"$\\]*"|'[^'\\]*'|[^\s;&|<>()$'"\\]+)\s*$/.test(text);
}

function behind(word: Arg, from: number): Arg {
  return isKnown(word) ? word.slice(from) : unknown(word.source, word.reason, word.prefix.slice(from));
}

function readText(call: Call, world: World, text: Arg, args: readonly Arg[]): Reading {
  if (isKnown(text)) return inner(line(call, world, text, "fish -c", args));
  return text.prefix === "" && isForeign(text.reason)
    ? readForeign(call, text, text.reason)
    : unreadable(call, text);
}

/** A home or a folder of settings that the call chose: the files that it is known to hold. */
function readStartup(call: Call, world: World, flags: string): Reading {
  if (flags.includes("N")) return nothing;
  const home = envGet(call.env, "HOME");
  const own = `${world.user.home}/.config`;
  const folder =
    envGet(call.env, "XDG_CONFIG_HOME") ?? (home === undefined || !isKnown(home) ? home : `${home}/.config`);
  if (folder === undefined || folder === own || !isKnown(folder)) return nothing;
  const snippets = world.readdir(`${folder}/fish/conf.d`, 1000);
  const files = snippets.ok
    ? snippets.names.filter((name) => name.endsWith(".fish")).map((name) => `conf.d/${name}`)
    : [];
  const scripts = [...files, "config.fish"].map((file) =>
    readScriptFile(call, world, `${folder}/fish/${file}`, [], "start-up file"),
  );
  return inner(...scripts.flatMap((script): readonly Inner[] => script ?? []));
}

function readOrders(call: Call, world: World, flags: string, operands: readonly Arg[]): Reading {
  const [file] = operands;
  if (file === undefined || isStandardInput(file)) return readStdin(call, world, flags, operands);
  const script = readScriptFile(call, world, file, operands, "fish");
  if (script !== undefined) return inner(...script);
  const foreign = readForeignFile(call, world, file);
  if (foreign.effects.length > 0) return foreign;
  return call.sight === "later" ? nothing : unreadable(call, file);
}

/** fish reads all of it before it runs any, so there is something to wait for. */
function readStdin(call: Call, world: World, flags: string, operands: readonly Arg[]): Reading {
  const { stdin } = call;
  const args = ["fish", ...operands];
  switch (stdin.kind) {
    case "text":
      return inner({ ...line(call, world, stdin.text, "fish", args), stdin: { kind: "none" } });
    case "file": {
      const script = readScriptFile(call, world, stdin.path, args, "fish");
      return script === undefined ? readForeignFile(call, world, stdin.path) : inner(...script);
    }
    case "unknown": {
      if (isForeign(stdin.reason)) return readForeign(call, "fish", stdin.reason);
      const isHidden = isUnseen(call, world) || isBelowShell(call);
      const told = isHidden
        ? effects(opaqueEffect("fish", "fish", `cannot tell what it would run: ${stdin.reason}`))
        : nothing;
      return { ...told, wantsStdin: true };
    }
    case "terminal":
      return isUnseen(call, world) ||
        (call.sight === "never" && (flags.includes("N") || !isSessions(call.env, "XDG_DATA_DIRS", world)))
        ? effects(opaqueEffect("fish", "fish", "no line of this shell would be judged"))
        : nothing;
    default:
      return nothing;
  }
}
