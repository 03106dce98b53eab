import type { CloudEffect } from "../../model/effect.js";
import { readAwsWords } from "../../readers/aws/words.js";
import { type Finding, failed, type Gather } from "../previewer.js";
import { openAccess } from "./access.js";
import { type AwsClient, openClient } from "./client.js";
import { lookAtCluster, lookAtInstance, lookAtTable } from "./databases.js";
import { lookAtMachine, lookAtSnapshot, lookAtVolume } from "./machines.js";
import { lookAtStack } from "./stacks.js";
import { lookAtBucket, lookAtObjects } from "./stores.js";

export interface AwsTarget {
  readonly at: number;
  readonly effect: CloudEffect;
  /** All that the call names, this one among them: what can be asked about at once. */
  readonly targets: readonly string[];
  /** The known words behind the operation. */
  readonly words: readonly string[];
  readonly client: AwsClient;
  readonly now: number;
}

/** Throws where the first thing to be known is not: the message says why. */
export type Look = (target: AwsTarget) => Promise<Omit<Finding, "effect" | "state">>;

/** What AWS says of what would be lost: asked with the call's own keys, by the client itself, read-only. */
export const gatherAws: Gather = async ({ effects, call, env, world, run, recipients }) => {
  const words = readAwsWords(call.argv);
  const client = openClient(await openAccess({ call, words, env, world, recipients }), run);
  const targets = effects.map(({ effect }) => effect.target);
  const known = words.rest.flatMap((word) => (typeof word === "string" ? [word] : []));
  const now = world.now?.() ?? Date.now();
  return Promise.all(
    effects.map(async ({ at, effect }): Promise<Finding> => {
      const look = effect.resource === "cloud" ? looks[effect.operation] : undefined;
      if (effect.resource !== "cloud" || look === undefined) return failed(at, "nothing is known to ask");
      if (words.service !== effect.service) return failed(at, "the operation stands behind an alias");
      try {
        const finding = await look({ at, effect, targets, words: known, client, now });
        return { effect: at, state: "found", ...finding };
      } catch (cause) {
        return failed(at, cause instanceof Error ? cause.message : String(cause));
      }
    }),
  );
};

const looks: Readonly<Record<string, Look>> = {
  "s3:DeleteObject": lookAtObjects,
  "s3:DeleteBucket": lookAtBucket,
  "rds:DeleteDBInstance": lookAtInstance,
  "rds:DeleteDBCluster": lookAtCluster,
  "dynamodb:DeleteTable": lookAtTable,
  "ec2:TerminateInstances": lookAtMachine,
  "ec2:DeleteVolume": lookAtVolume,
  "ec2:DeleteSnapshot": lookAtSnapshot,
  "cloudformation:DeleteStack": lookAtStack,
};
