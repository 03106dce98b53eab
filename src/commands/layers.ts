import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { AlertSetting } from "../model/alert.js";
import type { Rule } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import { type ParsedConfig, parseConfig } from "../policy/config.js";
import { readIncluded } from "./include.js";
import { type Loaded, withTools } from "./knowledge.js";
import { UsageError } from "./usage-error.js";

export interface Laid {
  readonly loaded: Loaded;
  /** Examples of the user's rules, not judged yet. */
  readonly own: readonly Case[];
  /** Cases of the tools and APIs that the config includes, for the rules without the config's own. */
  readonly cases: readonly Case[];
  readonly rulesBelow: readonly Rule[];
  /** As written. */
  readonly timeout: string | undefined;
}

/** The user's config over what is built in. Throws UsageError where it cannot be used; does not judge its examples. */
export function layConfig(source: string, path: string, builtin: Loaded): Laid {
  const config = parseConfig(source, path);
  if (!config.ok) throw new UsageError(config.problems);
  return layParsed(config, path, builtin);
}

export function layParsed(config: ParsedConfig, path: string, builtin: Loaded): Laid {
  const { table, policy, tools, apis } = builtin;
  const read = readIncluded(config, path, { table, rules: policy.rules, apis });
  if (!read.ok) throw new UsageError(read.problems);
  const { included } = read;
  const rulesBelow = [...policy.rules, ...included.rules];
  const layered = config.layOver(rulesBelow);
  if (!layered.ok) throw new UsageError(layered.problems);
  const { rules, labels, examples, timeout, approve, notify, alerts, trash, net, sandbox } = layered.config;
  const scripts = [...(notify === undefined ? [] : scriptsOf(notify)), ...alerts.flatMap(filesOf)];
  const own = [...included.examples, ...examples];
  const known =
    included.tools.length + included.apis.length === 0
      ? builtin
      : withTools(builtin, {
          tools: [...tools, ...included.tools],
          apis: () => [...apis(), ...included.apis],
        });
  return {
    loaded: {
      ...known,
      policy: { rules, labels, manifests: policy.manifests },
      examples: () => [...builtin.examples(), ...own],
      files: [...builtin.files, ...[path, ...included.files, ...scripts].map((file) => resolve(file))],
      approve,
      notify,
      alerts,
      trash,
      net,
      sandbox,
    },
    own,
    cases: included.cases,
    rulesBelow,
    timeout,
  };
}

/** What an alert stands on: the agent must not write it. */
function filesOf(alert: AlertSetting): readonly string[] {
  if (alert.kind === "command") return scriptsOf(alert.command);
  return alert.secretFile === undefined ? [] : [alert.secretFile];
}

/** A program of the user's own runs outside the guard, and so does the script that it is given: `[sh, /home/me/tell.sh]`. */
function scriptsOf([program = "", ...args]: readonly string[]): readonly string[] {
  const files = args.filter((word) => word.startsWith("/") && isFile(word));
  return program.startsWith("/") ? [program, ...files] : files;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
