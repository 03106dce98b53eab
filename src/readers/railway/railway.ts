import { showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { toolCredentials } from "../credentials/tool.js";
import type { ApiTable } from "../http/api-table.js";
import { join, nothing, type Reader, type Reading } from "../reader.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";
import { readApi } from "./api.js";
import { type Link, readLink } from "./link.js";
import { placeEffect } from "./place.js";
import { readPrograms } from "./programs.js";
import { asksForHelp, withoutSwitches } from "./words.js";

/** The Railway command line: its tree, with readers of their own for `api` and for what it starts. */
export function railwayReader(tree: ToolTree, apis: ApiTable): Reader {
  return {
    names: tree.names,
    read: (call, world) => {
      const given = call.argv.slice(1);
      if (asksForHelp(tree, given)) return nothing;
      const words = withoutSwitches(tree, given);
      const walks = walkTree(tree, words);
      const [walk] = walks;
      if (walk === undefined) return nothing;
      const known = apis.find("backboard.railway.com");
      const link = readLink(linkOptions(walk, tree), call, world);
      const tool = tree.names[0] ?? showArg(call.tool);
      const own = { ...call, argv: [call.argv[0] ?? tool, ...words] };
      const apiWalks = known === undefined ? [] : walks.filter(({ path }) => path.join(" ") === "api");
      const readings =
        known === undefined || apiWalks[0] !== walk
          ? readCommand(tree, walks, walk, own, link, world)
          : apiWalks.map((one) => readApi(one, tool, known, link, call, world));
      const reading = join(...readings);
      return {
        ...reading,
        effects: reading.effects.map((effect) => signed(effect, tree, link, call, world)),
      };
    },
  };
}

function linkOptions(walk: Walk, tree: ToolTree): Parameters<typeof readLink>[0] {
  return {
    project: optionOf(walk, "-p", "--project"),
    environment: optionOf(walk, ...tree.environment),
    service: optionOf(walk, "-s", "--service"),
  };
}

function readCommand(
  tree: ToolTree,
  walks: readonly Walk[],
  walk: Walk,
  call: Call,
  link: Link,
  world: World,
): readonly Reading[] {
  const { effects, ...rest } = readTree(tree, call, world);
  const placed = effects.map((effect) =>
    effect.resource === "cloud" ? placeEffect(effect, walk, link) : effect,
  );
  const readings = walks
    .filter(({ path }) => path[0] === walk.path[0])
    .map((one) => readPrograms(one, placed, link, call, world));
  // `railway ssh --new-flag ls -- ./wipe`: what only looks must do so whatever the option takes.
  const worst = readings.find((reading) => reading.effects.some(isUnseen)) ?? readings[0];
  return [
    { ...rest, effects: worst?.effects ?? placed },
    ...readings.map((reading) => ({ ...reading, effects: [] })),
  ];
}

function isUnseen({ action, recovery }: Effect): boolean {
  return action === "execute" && recovery !== "needless";
}

function signed(effect: Effect, tree: ToolTree, link: Link, call: Call, world: World): Effect {
  const tokens = toolCredentials(call, world, tree.credentials);
  const credentials = tokens.length > 0 ? tokens : link.credentials;
  if (effect.resource !== "cloud") return { ...effect, credentials };
  return {
    ...effect,
    credentials,
    ...(link.project === undefined ? {} : { project: link.project }),
    ...(link.projectId === undefined || link.projectId === link.project ? {} : { projectId: link.projectId }),
  };
}
