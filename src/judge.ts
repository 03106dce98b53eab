import type { Effect } from "./model/effect.js";
import type { Judgement, Request } from "./model/judgement.js";
import type { Policy } from "./model/rule.js";
import type { World } from "./model/world.js";
import { decide } from "./policy/decide.js";
import { matchRules } from "./policy/match.js";
import { readCalls, readLine, type Understanding } from "./readers/read.js";
import type { Table } from "./readers/reader.js";
import { boundEffects } from "./scope/bounds.js";
import { fileLimits } from "./scope/file-scopes.js";
import { markManifests } from "./scope/own-files.js";
import { settle } from "./settle/settle.js";

export type Judge = (request: Request, world: World) => Promise<Judgement>;

/**
 * The pipeline: request → calls → effects → verdict. Pure: the same request in the same world gets the same judgement.
 * It waits only where the world says that an answer is still on its way, and then judges once more.
 */
export function createJudge(policy: Policy, table: Table): Judge {
  const withLimits = limiting(policy.manifests);
  const judgeOnce = (request: Request, given: World): Judgement => {
    const world = withLimits(given);
    const understood = leaveUnforeseen(request, understand(request, table, world));
    const settled = settle(understood.effects, world, policy.labels);
    const marked = markManifests(settled, understood.effects, policy.manifests, world);
    const effects = boundEffects(marked, policy.manifests, world, understood.effects);
    const matches = matchRules(policy.rules, effects);
    const { verdict, severity } = decide(matches);
    const { calls, origins, errors, sourced, wantsStdin } = understood;
    // Named one by one: spreads cost more here than all the rest of this function.
    const judgement = { verdict, severity, calls, effects, matches, origins, errors, wantsStdin };
    return sourced.length === 0 ? judgement : { ...judgement, sourced };
  };
  return async (request, world) => {
    for (let waits = 0; ; waits++) {
      const judgement = judgeOnce(request, world);
      const awaited = world.awaited?.();
      if (awaited === undefined || waits === mostWaits) return judgement;
      await awaited;
    }
  };
}

/** What was hidden behind one answer may want another: SQL that can be read now may carry a credential that is looked for. */
const mostWaits = 2;

/** The world as the manifests let it be read; as it is, where there are none. Made once: a world is many fields. */
function limiting(manifests: Policy["manifests"]): (world: World) => World {
  if (manifests.length === 0) return (world) => world;
  const limited = new WeakMap<World, World>();
  return (world) => {
    let one = limited.get(world);
    if (one === undefined) {
      const limits = fileLimits(manifests, world);
      one = limits === undefined ? world : { ...world, limits };
      limited.set(world, one);
    }
    return one;
  };
}

function leaveUnforeseen(request: Request, understood: Understanding): Understanding {
  if (request.door === "line" || request.isFollowed !== true) return understood;
  const left = (effect: Effect): Effect =>
    effect.resource === "opaque" ? { ...effect, guarded: false } : effect;
  return { ...understood, effects: understood.effects.map(left) };
}

function understand(request: Request, table: Table, world: World): Understanding {
  const { cwd, env, stdin } = request;
  if (request.door === "line")
    return readLine(
      {
        text: request.text,
        shell: request.shell,
        args: request.args,
        cwd,
        env,
        stdin,
        via: [],
        ...(request.arrays === undefined ? {} : { arrays: request.arrays }),
        ...(request.definitions === undefined ? {} : { definitions: request.definitions }),
      },
      table,
      world,
      request.isFile,
    );
  const call = {
    tool: request.tool,
    argv: request.argv,
    cwd,
    env,
    stdin,
    redirects: [],
    via: [],
    sight: "now" as const,
    certain: true,
    span: undefined,
  };
  return readCalls([call], table, world);
}
