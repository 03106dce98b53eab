import { resolve } from "node:path";
import type { Rule } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import { type ParsedConfig, parseConfig } from "../policy/config.js";
import { readIncluded } from "./include.js";
import { type Loaded, UsageError, withTools } from "./knowledge.js";

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
  const { rules, labels, examples, timeout, approve, notify } = layered.config;
  // A script of the user's own runs outside the guard: the agent must not write it.
  const script = notify?.[0]?.startsWith("/") ? [notify[0]] : [];
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
      files: [...builtin.files, ...[path, ...included.files, ...script].map((file) => resolve(file))],
      approve,
      notify,
    },
    own,
    cases: included.cases,
    rulesBelow,
    timeout,
  };
}
