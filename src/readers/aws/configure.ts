import { type Arg, isKnown } from "../../model/arg.js";
import { type Effect, plainEffect } from "../../model/effect.js";
import { effects, nothing, type Reading } from "../reader.js";

/**
 * `aws configure` changes settings of this machine alone. Some of them are code that every later call runs:
 * `configure set credential_process 'sh /tmp/x'`, `configure set plugins.x module`.
 */
export function readSetting(operation: string, rest: readonly Arg[]): Reading {
  if (operation !== "set") return nothing;
  const [name, value] = rest;
  if (name === undefined || !isKnown(name) || !/(^|\.)credential_process$|^plugins\./.test(name))
    return nothing;
  const effect: Effect = {
    ...plainEffect("aws", "execute", value !== undefined && isKnown(value) ? value : name),
    resource: "cloud",
    provider: "aws",
    service: "configure",
    type: "setting",
    operation: `configure set ${name}`,
    because: "each later call of aws runs this",
  };
  return effects(effect);
}
