import * as v from "valibot";
import type { CloudEffect } from "../model/effect.js";

/** Sends one query and returns its `data`. Rejects with a LookError where there is none. */
export type Ask = (query: string, variables: Readonly<Record<string, string>>) => Promise<unknown>;

/** Why nothing was found out: a sentence, lower case, no full stop. */
export class LookError extends Error {}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A volume as one environment has it. */
export interface VolumeInstance {
  readonly id: string;
  readonly volume: Named;
  readonly environment: Named;
  /** Undefined: mounted nowhere. */
  readonly service: Named | undefined;
  readonly mountPath: string;
  /** Bytes. */
  readonly used: number;
  readonly size: number;
}

export interface Project extends Named {
  readonly environments: readonly Named[];
  readonly services: readonly Named[];
  readonly instances: readonly VolumeInstance[];
}

/** What was found of the backups of one volume instance. */
export type Backups =
  | {
      readonly kind: "known";
      readonly count: number /** Milliseconds since the epoch. */;
      readonly newest: number;
    }
  | { readonly kind: "failed"; readonly why: string };

/** The id of the project that an effect's target is part of. */
export async function readOwner(ask: Ask, effect: CloudEffect, isProjectToken: boolean): Promise<string> {
  const { type, target, projectId, project } = effect;
  if (projectId !== undefined) return projectId;
  if (isProjectToken) return (await askFor(ask, tokenQuery, {}, tokenSchema)).projectToken.projectId;
  const id = target;
  if (isId(target)) {
    if (type === "project") return target;
    if (type === "environment")
      return (await askFor(ask, environmentQuery, { id }, environmentSchema)).environment.projectId;
    if (type === "service" || type === "database")
      return (await askFor(ask, serviceQuery, { id }, serviceSchema)).service.projectId;
    if (type === "volume-backup" || effect.operation === "volumeInstanceBackupRestore")
      return (await askFor(ask, instanceQuery, { id }, instanceSchema)).volumeInstance.environment.projectId;
  }
  if (project !== undefined && isId(project)) return project;
  return await findOwner(ask, effect);
}

function isId(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** There is no question for a volume by its id: it is looked for in all projects that the token sees. */
async function findOwner(ask: Ask, { type, target, project }: CloudEffect): Promise<string> {
  // A workspace's token has no account, and an account's projects may all lie in workspaces.
  const answers = await Promise.allSettled([
    askFor(ask, projectsQuery, {}, projectsSchema).then(({ projects }) => projects),
    askFor(ask, workspacesQuery, {}, workspacesSchema).then(({ me }) =>
      me.workspaces.flatMap(({ projects }) => projects),
    ),
  ]);
  const all = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const wanted = project ?? (type === "project" ? target : undefined);
  const owner = all.find((one) =>
    wanted === undefined
      ? type === "volume" && one.volumes.some(({ id }) => id === target)
      : one.id === wanted || one.name === wanted,
  );
  if (owner !== undefined) return owner.id;
  const [first] = answers;
  if (answers.every(({ status }) => status === "rejected") && first?.status === "rejected")
    throw first.reason;
  throw new LookError(`none of the projects that this token sees has the ${type} "${target}"`);
}

export async function readProject(ask: Ask, id: string): Promise<Project> {
  const { project } = await askFor(ask, projectQuery, { id }, projectSchema);
  const { volumes, services } = project;
  const instances = project.environments.flatMap((environment) =>
    environment.volumeInstances.map(
      (one): VolumeInstance => ({
        id: one.id,
        volume: volumes.find((volume) => volume.id === one.volumeId) ?? {
          id: one.volumeId,
          name: one.volumeId,
        },
        environment,
        service: services.find((service) => service.id === one.serviceId),
        mountPath: one.mountPath,
        used: one.currentSizeMB * 1e6,
        size: one.sizeMB * 1e6,
      }),
    ),
  );
  return { ...project, instances };
}

/** By the ids of the volume instances. A failure is told, and keeps nothing else from being told. */
export async function readBackups(
  ask: Ask,
  instances: readonly Pick<VolumeInstance, "id">[],
): Promise<ReadonlyMap<string, Backups>> {
  const names = instances.map((_, n) => `v${n}`);
  const query = `query ${mark}(${names.map((name) => `$${name}: String!`).join(", ")}) { ${names
    .map((name) => `${name}: volumeInstanceBackupList(volumeInstanceId: $${name}) { createdAt }`)
    .join(" ")} }`;
  const variables = Object.fromEntries(instances.map(({ id }, n) => [`v${n}`, id]));
  try {
    const lists = await askFor(ask, query, variables, backupsSchema);
    return new Map(instances.map(({ id }, n) => [id, knownBackups(lists[`v${n}`])]));
  } catch (cause) {
    if (!(cause instanceof LookError)) throw cause;
    return new Map(instances.map(({ id }) => [id, { kind: "failed", why: cause.message } as const]));
  }
}

function knownBackups(list: readonly { readonly createdAt: number }[] | undefined): Backups {
  if (list === undefined) return { kind: "failed", why: strange };
  return { kind: "known", count: list.length, newest: Math.max(...list.map(({ createdAt }) => createdAt)) };
}

async function askFor<T>(
  ask: Ask,
  query: string,
  variables: Readonly<Record<string, string>>,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  const read = v.safeParse(schema, await ask(query, variables));
  if (!read.success) throw new LookError(strange);
  return read.output;
}

const strange = "the API's answer is not what its schema promises";

/** The name of every operation that is sent, so that whoever reads a server's log knows whose it was. */
export const mark = "HoldpointPreview";

const listed = (fields: string) => `{ edges { node { ${fields} } } }`;
const projectFields = `edges { node { id name volumes(first: 200) ${listed("id name")} } }`;
const projectsQuery = `query ${mark} { projects(first: 200) { ${projectFields} } }`;
const workspacesQuery = `query ${mark} { me { workspaces { projects(first: 200) { ${projectFields} } } } }`;
const tokenQuery = `query ${mark} { projectToken { projectId } }`;
const environmentQuery = `query ${mark}($id: String!) { environment(id: $id) { projectId } }`;
const serviceQuery = `query ${mark}($id: String!) { service(id: $id) { projectId } }`;
const instanceQuery = `query ${mark}($id: String!) { volumeInstance(id: $id) { environment { projectId } } }`;
const instanceFields = listed("id volumeId serviceId mountPath sizeMB currentSizeMB");
const projectQuery = `query ${mark}($id: String!) { project(id: $id) { id name environments(first: 50) ${listed(
  `id name volumeInstances(first: 100) ${instanceFields}`,
)} services(first: 200) ${listed("id name")} volumes(first: 200) ${listed("id name")} } }`;

const listOf = <T>(node: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.object({ edges: v.array(v.object({ node })) }),
    v.transform(({ edges }) => edges.map((edge) => edge.node)),
  );
const named = v.object({ id: v.string(), name: v.string() });
const owned = v.object({ projectId: v.string() });
const projectsOf = listOf(v.object({ ...named.entries, volumes: listOf(named) }));
const projectsSchema = v.object({ projects: projectsOf });
const workspacesSchema = v.object({
  me: v.object({ workspaces: v.array(v.object({ projects: projectsOf })) }),
});
const tokenSchema = v.object({ projectToken: owned });
const environmentSchema = v.object({ environment: owned });
const serviceSchema = v.object({ service: owned });
const instanceSchema = v.object({ volumeInstance: v.object({ environment: owned }) });
const projectSchema = v.object({
  project: v.object({
    ...named.entries,
    environments: listOf(
      v.object({
        ...named.entries,
        volumeInstances: listOf(
          v.object({
            id: v.string(),
            volumeId: v.string(),
            serviceId: v.nullish(v.string()),
            mountPath: v.string(),
            sizeMB: v.number(),
            currentSizeMB: v.number(),
          }),
        ),
      }),
    ),
    services: listOf(named),
    volumes: listOf(named),
  }),
});
const time = v.pipe(v.string(), v.transform(Date.parse), v.number(), v.finite());
const backupsSchema = v.record(v.string(), v.array(v.object({ createdAt: time })));
