import { isKnown, showArg } from "../../model/arg.js";
import type { CloudEffect } from "../../model/effect.js";
import type { Walk } from "../tree/walk.js";
import type { Link } from "./link.js";

/** The thing and its environment by what the folder is linked to, where the command line does not name them. */
export function placeEffect(effect: CloudEffect, walk: Walk, link: Link): CloudEffect {
  return worsen(placed(effect, walk, link), walk);
}

function placed(effect: CloudEffect, walk: Walk, link: Link): CloudEffect {
  const isNamed = effect.target !== effect.operation;
  // The value of a variable is nobody's business.
  const words = walk.words.map((word) => showArg(word).replace(/=.*$/s, "")).join(" ");
  const named = effect.type === "variable" && walk.words.length > 0 ? words : effect.target;
  if (withoutEnvironment.has(effect.type)) {
    const project =
      effect.type === "project" && effect.action === "delete" ? (link.project ?? "unknown") : named;
    return { ...effect, target: isNamed ? named : project };
  }
  const given =
    effect.environment === "unknown" ? undefined : (link.nameOf(effect.environment) ?? effect.environment);
  const environment =
    effect.type === "environment" && effect.action === "delete" && isNamed
      ? { environment: link.nameOf(named) ?? named }
      : {
          environment: given ?? link.environment ?? link.environmentId ?? "unknown",
          ...(link.environmentId === undefined ? {} : { environmentId: link.environmentId }),
        };
  return {
    ...effect,
    ...environment,
    target: isNamed || effect.action === "read" ? named : placeName(effect, link),
  };
}

/** What belongs to an account, a workspace or this machine; a project is more than any one of its environments. */
const withoutEnvironment: ReadonlySet<string> = new Set(
  (
    "project account workspace usage-limit ssh-key template tools program link remote-agent telemetry docs " +
    "autoupdate completion starship open usage api"
  ).split(" "),
);

/** `my-app/production/api`, as far as it is known. */
function placeName({ type }: CloudEffect, { project, environment, environmentId, service }: Link): string {
  const own = ofService.has(type) && service !== undefined ? [service] : [];
  const name = environment ?? environmentId;
  const isUnknown = project === undefined && name === undefined && own.length === 0;
  return isUnknown ? "unknown" : [project ?? "unknown", name ?? "unknown", ...own].join("/");
}

const ofService: ReadonlySet<string> = new Set(
  "service deployment variable domain tcp-proxy network shell local-program cache file backup-setting".split(
    " ",
  ),
);

/** What some words make worse. */
function worsen(effect: CloudEffect, walk: Walk): CloudEffect {
  if (effect.action !== "modify" || effect.recovery !== "needless") return effect;
  if (stopsAll(walk))
    return { ...effect, recovery: "none", because: "takes every replica away: the service stops" };
  // `railway run` takes PATH from there, and would start what stands in it instead of what the guard stands before.
  if (effect.type === "variable" && settings(walk).some((text) => /^PATH(=|$)/.test(text)))
    return { ...effect, recovery: "none", because: "sets PATH for all that starts there or by way of it" };
  return effect;
}

/** `railway scale eu-west=0`, `railway scale --us-west2 0`; with another region beside it, it moves. */
function stopsAll({ command, path, words, options }: Walk): boolean {
  if (command.name !== "scale" || path[0] === "postgres") return false;
  const counts = [...words, ...options.map(({ value }) => value)].flatMap((word) => {
    const count = word !== undefined && isKnown(word) ? /^(?:.*=)?(\d+)$/s.exec(word)?.[1] : undefined;
    return count === undefined ? [] : [Number(count)];
  });
  return counts.length > 0 && counts.every((count) => count === 0);
}

function settings({ words, options }: Walk): readonly string[] {
  const values = options.flatMap(({ name, value }) =>
    value !== undefined && /^--set(-from-stdin)?$/.test(name) ? [value] : [],
  );
  return [...words, ...values].map((word) => (isKnown(word) ? word : word.prefix));
}
