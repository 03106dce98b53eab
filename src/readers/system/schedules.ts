import { isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type OtherEffect, plainEffect } from "../../model/effect.js";
import { toolName } from "../file-effects.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";

const tables = {
  crontab: declareOptions("anywhere", [
    "-u:",
    "-l",
    "-r",
    "-e",
    "-i",
    "-s",
    "-n",
    "-T",
    "-V",
    "-x:",
    "-c:",
    "--help",
  ]),
  at: declareOptions("anywhere", [
    "-q:",
    "-f:",
    "-m",
    "-M",
    "-l",
    "-v",
    "-t:",
    "-b",
    "-V",
    "-r",
    "-d",
    "-c",
    "-k",
  ]),
  run: declareOptions("first", [
    ..."--user|--system|--scope|-u --unit:|-p --property:|--description:|--slice:|-r --remain-after-exit|--send-sighup|--service-type:".split(
      "|",
    ),
    ..."--uid:|--gid:|--nice:|--working-directory:|-d --same-dir|-E --setenv:|-t --pty|-P --pipe|-q --quiet|-G --collect|--wait|-S --shell".split(
      "|",
    ),
    ..."--no-block|--on-active:|--on-boot:|--on-startup:|--on-unit-active:|--on-unit-inactive:|--on-calendar:|--timer-property:".split(
      "|",
    ),
    ..."--no-ask-password|-H --host:|-M --machine:|-h --help|--version|--expand-environment:|--background:".split(
      "|",
    ),
  ]),
};

/** What runs later, where no session is: it is judged when it is given. */
export const schedules: readonly Reader[] = [
  {
    names: ["crontab"],
    read(call, world) {
      const options = readOptions(call.argv.slice(1), tables.crontab);
      if (hasOption(options, "r"))
        return effects(schedule(call, "delete", "removes every job that the account has"));
      if (hasOption(options, "l", "e", "n", "T", "V", "help")) return nothing;
      const [file = "-"] = options.operands;
      if (options.operands.length === 0 && call.stdin.kind === "terminal") return nothing;
      const inputs = openInputs(call, world);
      const text = inputs.readText(file);
      const jobs = isKnown(text) ? text.split("\n").map(commandOf).filter(isFull) : [];
      const replaced = schedule(call, "modify", "replaces every job that the account has");
      return join(
        { effects: [replaced], inner: [], wantsStdin: inputs.wantsStdin() },
        ...jobs.map((job) => later(job, "crontab")),
      );
    },
  },
  {
    names: ["at", "batch"],
    read(call, world) {
      const options = readOptions(call.argv.slice(1), tables.at);
      if (hasOption(options, "r", "d"))
        return effects(schedule(call, "delete", "removes what waits to be run"));
      if (hasOption(options, "l", "V", "c")) return nothing;
      const inputs = openInputs(call, world);
      if (call.stdin.kind === "terminal" && optionValue(options, "f") === undefined) return nothing;
      const text = inputs.readText(optionValue(options, "f") ?? "-");
      const reading = isKnown(text)
        ? later(text, toolName(call))
        : effects(schedule(call, "execute", "runs later what cannot be seen now"));
      return { ...reading, wantsStdin: inputs.wantsStdin() };
    },
  },
  {
    names: ["systemd-run"],
    read(call, world) {
      const options = readOptions(call.argv.slice(1), tables.run);
      if (hasOption(options, "help", "version")) return nothing;
      return inner(...wrap(call, world, options.operands, "systemd-run", { sight: "never" }));
    },
  },
];

function later(text: string, via: string): Reading {
  return inner({ kind: "line", text, shell: "sh", via, sight: "never", stdin: { kind: "none" } });
}

/** `0 3 * * * command`, `@daily command`; a comment or a setting is no job. */
function commandOf(line: string): string {
  const text = line.trim();
  if (/^(#|\w+\s*=|$)/.test(text)) return "";
  const at = /^(?:@\w+|(?:\S+\s+){4}\S+)\s+(.*)$/s.exec(text);
  return at?.[1] ?? "";
}

function isFull(text: string): boolean {
  return text !== "";
}

function schedule(call: Call, action: OtherEffect["action"], because: string): OtherEffect {
  const target = call.argv.slice(1).map(showArg).join(" ") || toolName(call);
  return {
    ...plainEffect(toolName(call), action, target),
    resource: "process",
    operation: toolName(call),
    recovery: action === "execute" ? "unknown" : "none",
    because,
  };
}
