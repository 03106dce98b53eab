import { awsAccountOf } from "./aws-account.js";
import { type Facts, facts, unsure, word } from "./facts.js";
import type { Sighting } from "./sighting.js";

/** An AWS key is two values: an id that tells the account, and a secret that tells nothing. They are read together. */
export function readAwsKey(one: Sighting): Facts | undefined {
  const { value, key = "", kind } = one;
  if (idShape.test(value)) return readId(one);
  const isSecret = /^[A-Za-z0-9/+]{40}$/.test(value) && /aws|secret_?access_?key/i.test(`${kind} ${key}`);
  if (!isSecret) return undefined;
  const id = nearestId(one);
  const profile = profileOf(one);
  const things = profile === undefined ? [] : [word(profile, "aws-profile")];
  const who = profile === undefined ? "" : ` (profile ${profile})`;
  if (id === undefined)
    return unsure("account", `an AWS account, as far as its user was granted${who}`, things);
  const account = awsAccountOf(id);
  const where = account === undefined ? "an AWS account" : `AWS account ${account}`;
  const isTemporary = id.startsWith("ASIA");
  return unsure(
    isTemporary ? "unknown" : "account",
    isTemporary
      ? `${where}${who}, as far as its role was granted, for some hours`
      : `${where}${who}, as far as its user was granted`,
    [...things, ...(account === undefined ? [] : [word(account, "aws-account", "id")])],
  );
}

const idShape = /^(?:AKIA|ASIA)[A-Z0-9]{16}$/;

function readId(one: Sighting): Facts {
  const account = awsAccountOf(one.value);
  const of = account === undefined ? "" : ` (of AWS account ${account})`;
  const alone = facts("nothing", `nothing by itself: the secret of this key id${of} is not beside it`);
  const isWhole = /secret_?access_?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i.test(
    one.around(),
  );
  return isWhole ? { ...alone, isPart: true } : alone;
}

/** By lines; of two as near, the one above. */
function nearestId({ line, around }: Sighting): string | undefined {
  const found = around()
    .split("\n")
    .flatMap((text, at) =>
      [...text.matchAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g)].map(([id]) => ({
        id,
        distance: Math.abs(at + 1 - line),
      })),
    );
  return found.toSorted((a, b) => a.distance - b.distance)[0]?.id;
}

function profileOf({ file, line, around }: Sighting): string | undefined {
  if (file === undefined || !/(?:\.aws\/|^|\/)(?:credentials|config)$/.test(file)) return undefined;
  const above = around().split("\n").slice(0, line).toReversed();
  return above.flatMap((text) => /^\s*\[(?:profile\s+)?([^\]]+)\]/.exec(text)?.[1] ?? [])[0]?.trim();
}
