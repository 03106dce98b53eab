import type { CloudEffect } from "../model/effect.js";
import { type Finding, failed, found, type Gather, type PreviewInput } from "./previewer.js";
import { type Ask, LookError, readBackups, readOwner, readProject } from "./railway-answers.js";
import { type Described, describe } from "./railway-rows.js";
import { askerOf, type Fetch } from "./railway-server.js";

/** What a call would change at Railway, by questions to the API that it speaks to, with the token that it brings. */
export const gatherRailway: Gather = railwayGather(fetch);

/** `send`: for calls of other programs than curl. */
export function railwayGather(send: Fetch): Gather {
  return async (input) => {
    const findings: Finding[] = [];
    for (const { at, effect } of input.effects.slice(0, most)) {
      if (effect.resource !== "cloud") continue;
      try {
        findings.push({ ...found(at, []), ...(await lookAt(effect, input, send)) });
      } catch (cause) {
        if (input.signal.aborted) break;
        if (!(cause instanceof LookError)) throw cause;
        findings.push(failed(at, cause.message));
      }
    }
    return findings;
  };
}

const most = 4;

async function lookAt(effect: CloudEffect, input: PreviewInput, send: Fetch): Promise<Described> {
  const { ask, isProjectToken } = await askerOf(effect, input, send);
  if (effect.target === effect.operation || effect.target === "unknown")
    throw new LookError(`which ${effect.type} it means is not known before it runs`);
  const project = await readProject(ask, await readOwner(ask, effect, isProjectToken));
  const backups = await backupsOf(ask, effect, project.instances);
  return describe(effect, project, backups, input.world.now?.() ?? Date.now());
}

/** Of those it is about: each is a question of its own. */
async function backupsOf(
  ask: Ask,
  effect: CloudEffect,
  instances: readonly {
    readonly id: string;
    readonly volume: { readonly id: string; readonly name: string };
  }[],
) {
  const { type, target } = effect;
  const meant =
    type === "volume" || type === "volume-backup"
      ? instances.filter(({ id, volume }) => [id, volume.id, volume.name].includes(target))
      : instances;
  return meant.length === 0 ? new Map<string, never>() : await readBackups(ask, meant.slice(0, mostVolumes));
}

const mostVolumes = 20;
