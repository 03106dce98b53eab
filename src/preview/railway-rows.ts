import { many, showAge, showBytes } from "../model/amount.js";
import type { CloudEffect } from "../model/effect.js";
import type { Finding } from "./previewer.js";
import { type Backups, LookError, type Project, type VolumeInstance } from "./railway-answers.js";

export type Described = Pick<Finding, "rows" | "loses" | "environment">;

type BackupsOf = ReadonlyMap<string, Backups>;

/** What goes, where it is, and what goes with it. */
export function describe(effect: CloudEffect, project: Project, backups: BackupsOf, now: number): Described {
  switch (effect.type) {
    case "volume":
    case "volume-backup":
      return ofVolume(effect, project, backups, now);
    case "environment":
      return ofEnvironment(effect, project, backups, now);
    case "project":
      return ofProject(effect, project, backups, now);
    default:
      return ofService(effect, project, backups, now);
  }
}

function ofVolume(effect: CloudEffect, project: Project, backups: BackupsOf, now: number): Described {
  const { target, action, environment, environmentId } = effect;
  const all = project.instances.filter(({ id, volume }) => [id, volume.id, volume.name].includes(target));
  const here = all.filter((one) =>
    [one.environment.id, one.environment.name].includes(environmentId ?? environment),
  );
  const meant = here.length > 0 ? here : all;
  if (meant.length === 0) throw absent(effect, project);
  const isGone = action === "delete";
  const rows = meant.flatMap((one) => [
    `volume "${one.volume.name}" of ${one.service === undefined ? "no service" : `service ${one.service.name}`}, project ${project.name}, environment ${one.environment.name}`,
    backupRow(backups.get(one.id), now, isGone ? ": they lie in the volume and go with it" : ""),
    `${showBytes(one.used)} of ${showBytes(one.size)} used, mounted at ${one.mountPath}`,
  ]);
  return {
    rows,
    ...lost(effect, meant, backups),
    ...inEnvironment(meant.map((one) => one.environment.name)),
  };
}

function ofEnvironment(effect: CloudEffect, project: Project, backups: BackupsOf, now: number): Described {
  const environment = find(effect, project.environments);
  if (environment === undefined) throw absent(effect, project);
  const instances = project.instances.filter((one) => one.environment.id === environment.id);
  return {
    rows: [
      `environment "${environment.name}" of project ${project.name}: ${many(instances.length, "volume")}`,
      ...volumeRows(effect, instances, backups, now),
    ],
    ...lost(effect, instances, backups),
    environment: environment.name,
  };
}

function ofProject(effect: CloudEffect, project: Project, backups: BackupsOf, now: number): Described {
  const { environments, services, instances } = project;
  const names = environments.map(({ name }) => name);
  return {
    rows: [
      `project "${project.name}": ${many(environments.length, "environment")} (${names.join(", ")}), ${many(services.length, "service")}, ${many(instances.length, "volume")}`,
      ...volumeRows(effect, instances, backups, now),
    ],
    ...lost(effect, instances, backups),
    ...inEnvironment(names),
  };
}

function ofService(effect: CloudEffect, project: Project, backups: BackupsOf, now: number): Described {
  const service = find(effect, project.services);
  if (service === undefined) throw absent(effect, project);
  const instances = project.instances.filter((one) => one.service?.id === service.id);
  const { environment, environmentId = environment } = effect;
  const chosen = project.environments.find(({ id, name }) => id === environmentId || name === environmentId);
  const names = chosen === undefined ? instances.map((one) => one.environment.name) : [chosen.name];
  return {
    rows: [
      `service "${service.name}" of project ${project.name}${names.length === 0 ? "" : `, environment ${[...new Set(names)].join(", ")}`}`,
      // Whether they go with it is not the same for each way of deleting one.
      ...volumeRows({ ...effect, action: "modify" }, instances, backups, now),
    ],
    ...inEnvironment(names),
  };
}

function volumeRows(
  { action }: Pick<CloudEffect, "action">,
  instances: readonly VolumeInstance[],
  backups: BackupsOf,
  now: number,
): readonly string[] {
  return instances.slice(0, mostVolumes).map((one) => {
    const place = `volume "${one.volume.name}" (${one.environment.name}): ${showBytes(one.used)} used`;
    return `${place}, ${backupRow(backups.get(one.id), now, action === "delete" ? ", all in the volume" : "")}`;
  });
}

const mostVolumes = 10;

function backupRow(backups: Backups | undefined, now: number, end: string): string {
  if (backups === undefined) return "backups not looked up: there are too many volumes";
  if (backups.kind === "failed") return `backups not looked up: ${backups.why}`;
  const { count, newest } = backups;
  return count === 0
    ? "no backups of it"
    : `${many(count, "backup")}, the newest ${showAge(newest, now)}${end}`;
}

/** A volume keeps its backups inside itself. */
function lost(
  { action }: CloudEffect,
  instances: readonly VolumeInstance[],
  backups: BackupsOf,
): Pick<Described, "loses"> {
  const hasBackups = instances.some(({ id }) => {
    const known = backups.get(id);
    return known?.kind === "known" && known.count > 0;
  });
  return action === "delete" && hasBackups ? { loses: "all backups" } : {};
}

/** Of several the one that weighs most. */
function inEnvironment(names: readonly string[]): Pick<Described, "environment"> {
  const worst = names.find((name) => /^prod(uction)?$/i.test(name)) ?? names[0];
  return worst === undefined ? {} : { environment: worst };
}

/** By its id or name; a command that names none is known by `project/environment/service`. */
function find<T extends { readonly id: string; readonly name: string }>(
  { target }: CloudEffect,
  all: readonly T[],
): T | undefined {
  const last = target.split("/").at(-1) ?? target;
  return (
    all.find(({ id, name }) => id === target || name === target) ?? all.find(({ name }) => name === last)
  );
}

function absent({ type, target }: CloudEffect, { name }: Project): LookError {
  return new LookError(`project ${name} has no ${type} "${target}" that this token sees`);
}
