import type { Action, Effect } from "../model/effect.js";
import type { Bounds, LabelKind, Manifest, ScopeLabel } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";
import { type Place, placesOf, speaksOfGit } from "./labels.js";
import { type Reach, reachOf } from "./reach.js";

/** `environments`: which one an effect reaches, and whether it may be done there. */
export function boundEnvironment(effect: Effect, manifest: Manifest, _world: World): Finding | undefined {
  if (manifest.environments.length === 0) return undefined;
  const reach = reachOf(effect);
  if (reach === undefined) return undefined;
  const places = reach.things.flatMap((thing) => placesOf(thing, manifest));
  const findings = places.map((place) => findingAt(place, effect.action, manifest));
  const whole = places.filter(({ isPart }) => !isPart);
  const unknown = whole.length === 0 ? unplaced(effect, reach, manifest) : undefined;
  const worst = [...findings, ...(unknown === undefined ? [] : [unknown])].toSorted(
    (a, b) => order.indexOf(b.bounds) - order.indexOf(a.bounds),
  )[0];
  if (worst === undefined) return undefined;
  const names = [...new Set(places.map(({ environment }) => environment.name))];
  if (names.length < 2 || !isHeld(worst.bounds)) return worst;
  return { ...worst, because: `${worst.because}; it belongs to ${names.join(" and ")} alike` };
}

/** Names of the environments that an effect reaches by some manifest's labels; undefined where it reaches none of any kind. */
export function environmentsOf(
  effect: Effect,
  manifest: Manifest,
): { readonly names: readonly string[]; readonly isElsewhere: boolean } | undefined {
  const reach = reachOf(effect);
  if (reach === undefined) return undefined;
  const places = reach.things.flatMap((thing) => placesOf(thing, manifest));
  return {
    names: [...new Set(places.map(({ environment }) => environment.name))],
    isElsewhere: reach.isElsewhere,
  };
}

/** What an action counts as: nobody knows whether a POST changes something. */
export function meaningsOf(action: Action): readonly Action[] {
  return action === "send" ? ["send", "modify"] : [action];
}

const order: readonly Bounds[] = ["granted", "inside", "outside", "credential", "never"];

function isHeld(bounds: Bounds): boolean {
  return bounds !== "granted" && bounds !== "inside";
}

function findingAt({ environment, label, isPart }: Place, action: Action, manifest: Manifest): Finding {
  const { name, allow, never } = environment;
  const meanings = meaningsOf(action);
  const because = (said: string) =>
    `${fileName(manifest)}: ${name} ${said} (${keys[label.kind]}: ${shownValue(label, manifest)})`;
  if (meanings.some((one) => never.includes(one)))
    return { bounds: "never", because: because(`never takes ${action}`) };
  if (!meanings.some((one) => allow.includes(one)))
    return {
      bounds: "outside",
      because: because(allow.length === 0 ? "allows nothing" : `allows ${allow.join(", ")}, not ${action}`),
    };
  return {
    bounds: manifest.isTrusted && !isPart ? "granted" : "inside",
    because: because(`allows ${action}`),
  };
}

/** What no label knows: looking is nobody's harm, and this machine is held by the other keys. */
function unplaced(effect: Effect, reach: Reach, manifest: Manifest): Finding | undefined {
  if (!reach.isElsewhere || (reach.isGit && !speaksOfGit(manifest))) return undefined;
  if (effect.action === "read") return undefined;
  return {
    bounds: "outside",
    because: `${fileName(manifest)}: no environment knows ${reach.shown}, so that nothing but reading is inside`,
  };
}

export function fileName({ file }: Manifest): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** As it is written in the file. */
function shownValue({ kind, value }: ScopeLabel, { folder }: Manifest): string {
  return kind === "file" && value.startsWith(`${folder}/`) ? value.slice(folder.length + 1) : value;
}

const keys: Readonly<Record<LabelKind, string>> = {
  host: "hosts",
  railway: "railway",
  "aws-profile": "aws.profiles",
  "aws-account": "aws.accounts",
  "kube-context": "kubernetes.contexts",
  database: "databases",
  "git-remote": "git.remotes",
  "git-branch": "git.branches",
  ssh: "ssh",
  file: "files",
  id: "ids",
};
