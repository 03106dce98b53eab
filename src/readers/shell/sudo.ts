import { isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envFrom } from "../../model/env.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, inner, nothing, type Reader, type Reading } from "../reader.js";
import { systemPath, withPath, wrap } from "../sight.js";

const sudoOptions = declareOptions("first", [
  "-A --askpass",
  "-b --background",
  "-B --bell",
  "-C --close-from:",
  "-D --chdir:",
  "-E",
  "--preserve-env::",
  "-e --edit",
  "-g --group:",
  "-H --set-home",
  "-h",
  "--host:",
  "-i --login",
  "-K --remove-timestamp",
  "-k --reset-timestamp",
  "-l --list",
  "-n --non-interactive",
  "-P --preserve-groups",
  "-p --prompt:",
  "-R --chroot:",
  "-r --role:",
  "-S --stdin",
  "-s --shell",
  "-T --command-timeout:",
  "-t --type:",
  "-U --other-user:",
  "-u --user:",
  "-V --version",
  "-v --validate",
]);

/** sudo sets its own PATH (secure_path): none of the shims sees what it starts. */
export const sudo: Reader = {
  names: ["sudo"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), sudoOptions);
    if (hasOption(given, "list", "validate", "edit", "version")) return nothing;
    const assigned = given.operands.findIndex((word) => !isAssignment(word));
    const words = assigned < 0 ? [] : given.operands.slice(assigned);
    const pairs = given.operands
      .slice(0, assigned < 0 ? undefined : assigned)
      .flatMap((word) => (isKnown(word) ? [splitAssignment(word)] : []));
    const env = envFrom(pairs, withPath(call.env, systemPath));
    const chosen = optionValue(given, "chdir");
    const cwd = chosen === undefined ? call.cwd : (resolvePath(call, world, chosen) ?? call.cwd);
    if (words.length === 0)
      return hasOption(given, "shell", "login") ? shellReading(call, "sudo -s", env) : nothing;
    return inner(...wrap(call, world, words, "sudo", { sight: "never", env, cwd }));
  },
};

const suOptions = declareOptions("anywhere", [
  "-c --command:",
  "--session-command:",
  "-f --fast",
  "-g --group:",
  "-G --supp-group:",
  "-l --login",
  "-m -p --preserve-environment",
  "-P --pty",
  "-s --shell:",
  "-u --user:",
  "-w --whitelist-environment:",
]);

export const su: Reader = {
  names: ["su", "runuser"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), suOptions);
    const env = withPath(call.env, systemPath);
    if (hasOption(given, "user")) {
      // `runuser -u USER COMMAND …`: the command's own options are not runuser's.
      const direct = readOptions(call.argv.slice(1), { ...suOptions, order: "first" });
      return inner(...wrap(call, world, direct.operands, "runuser", { sight: "never", env }));
    }
    const text = optionValue(given, "command") ?? optionValue(given, "session-command");
    if (text === undefined) return shellReading(call, "su", env);
    if (!isKnown(text))
      return effects(opaqueEffect("su", text.source, `cannot tell what it would run: ${text.reason}`));
    return inner({ kind: "line", text, shell: "sh", via: "su -c", env, sight: "never" });
  },
};

/** A shell for another user that takes its orders from stdin. */
function shellReading(call: Call, via: string, env: Call["env"]): Reading {
  const { stdin } = call;
  if (stdin.kind === "text") {
    const line: Inner = { kind: "line", text: stdin.text, shell: "sh", via, env, sight: "never" };
    return inner({ ...line, stdin: { kind: "none" } });
  }
  if (stdin.kind === "unknown" || stdin.kind === "file") {
    const because = "cannot tell what the shell that it starts would be told";
    return effects(opaqueEffect(via, via, because));
  }
  return nothing;
}

export function isAssignment(word: Call["argv"][number]): boolean {
  return (
    /^[^=]+=/.test(isKnown(word) ? word : word.prefix) && !/^[-/]/.test(isKnown(word) ? word : word.prefix)
  );
}

export function splitAssignment(word: string): readonly [string, string] {
  const at = word.indexOf("=");
  return [word.slice(0, at), word.slice(at + 1)];
}
