import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { credential } from "../credentials/credential.js";
import { parseJson, textOf, type Value, valueAt } from "../value.js";

/** What a `railway` command works on: by its own options, by variables, or by the folder's link. All of it may be unknown. */
export interface Link {
  /** Names where the config knows them, else ids. */
  readonly project: string | undefined;
  readonly projectId: string | undefined;
  readonly environment: string | undefined;
  readonly environmentId: string | undefined;
  readonly service: string | undefined;
  /** Who `railway login` signed in; empty where a token of the environment comes first. */
  readonly credentials: readonly Credential[];
  /** The name of an environment that some folder is linked to. */
  nameOf(environmentId: string): string | undefined;
}

interface LinkOptions {
  readonly project: Arg | undefined;
  readonly environment: Arg | undefined;
  readonly service: Arg | undefined;
}

/** https://github.com/railwayapp/cli/blob/master/src/config.rs: a token's own project, then variables, then the nearest folder. */
export function readLink(options: LinkOptions, call: Call, world: World): Link {
  const config = readConfig(call, world);
  const links = config === undefined ? [] : linksOf(config.value);
  const base = baseLink(links, call, world);
  const other = options.project === undefined ? undefined : showArg(options.project);
  // With `-p` nothing of the folder's link counts, unless it is the very project.
  const isSame = other === undefined || other === base?.projectId || other === base?.projectName;
  const own = isSame ? base : links.find((one) => one.projectId === other);
  const nameOf = (id: string) => links.find((one) => one.environmentId === id)?.environmentName;
  const chosen = options.environment === undefined ? undefined : showArg(options.environment);
  const isLinked = isSame && (chosen === undefined || chosen === base?.environmentName);
  const environmentId = isLinked
    ? base?.environmentId
    : chosen !== undefined && nameOf(chosen)
      ? chosen
      : undefined;
  return {
    project: own?.projectName ?? other ?? own?.projectId,
    projectId: own?.projectId,
    environment:
      chosen === undefined ? (isSame ? base?.environmentName : undefined) : (nameOf(chosen) ?? chosen),
    environmentId,
    service: options.service === undefined ? (isSame ? base?.service : undefined) : showArg(options.service),
    credentials: config === undefined || hasToken(call) ? [] : storedLogin(config, call, world),
    nameOf,
  };
}

/** The token of `railway login`, as a command of this call would find it. */
export function storedToken(call: Call, world: World): string | undefined {
  const config = readConfig(call, world);
  return config === undefined ? undefined : tokenIn(config.value);
}

/** One folder's link, as the config holds it. */
interface Entry {
  readonly folder: string;
  readonly projectId: string | undefined;
  readonly projectName: string | undefined;
  readonly environmentId: string | undefined;
  readonly environmentName: string | undefined;
  readonly service: string | undefined;
}

interface Config {
  readonly value: Value;
  /** `~/.railway/config.json` */
  readonly shown: string;
}

function readConfig(call: Call, world: World): Config | undefined {
  const variable = envGet(call.env, "HOME");
  const home = variable !== undefined && isKnown(variable) && variable !== "" ? variable : world.user.home;
  const name = `.railway/${configName(envGet(call.env, "RAILWAY_ENV"))}`;
  const content = world.readFile(`${home}/${name}`, 1 << 20);
  if (!content.ok || !content.complete) return undefined;
  const json = parseJson(decodeBytes(content.bytes));
  return json.ok ? { value: json.value, shown: `~/${name}` } : undefined;
}

/** Railway's own staging and development keep a config of their own. */
function configName(variable: Arg | undefined): string {
  const name = variable !== undefined && isKnown(variable) ? variable.toLowerCase() : "";
  if (name === "staging") return "config-staging.json";
  return name === "dev" || name === "develop" ? "config-dev.json" : "config.json";
}

function linksOf(config: Value): readonly Entry[] {
  const projects = valueAt(config, "projects");
  if (projects?.kind !== "object") return [];
  return [...projects.fields].map(([folder, link]) => ({
    folder,
    projectId: textAt(link, "project"),
    projectName: textAt(link, "name"),
    environmentId: textAt(link, "environment"),
    environmentName: textAt(link, "environmentName"),
    service: textAt(link, "service"),
  }));
}

function baseLink(links: readonly Entry[], call: Call, world: World): Entry | undefined {
  // A project token brings its own project, which is not to be seen from here.
  if (isSet(call, "RAILWAY_TOKEN")) return undefined;
  const near = nearest(links, call, world);
  if (!isSet(call, "RAILWAY_PROJECT_ID") && !isSet(call, "RAILWAY_ENVIRONMENT_ID")) return near;
  const projectId = variableText(call, "RAILWAY_PROJECT_ID");
  const environmentId = variableText(call, "RAILWAY_ENVIRONMENT_ID");
  const local = projectId !== undefined && near?.projectId === projectId ? near : undefined;
  const named = links.find((one) => one.environmentId === environmentId);
  return {
    folder: "",
    projectId,
    projectName: links.find((one) => one.projectId === projectId)?.projectName,
    environmentId: isSet(call, "RAILWAY_ENVIRONMENT_ID") ? environmentId : local?.environmentId,
    environmentName: isSet(call, "RAILWAY_ENVIRONMENT_ID") ? named?.environmentName : local?.environmentName,
    service: isSet(call, "RAILWAY_SERVICE_ID") ? variableText(call, "RAILWAY_SERVICE_ID") : local?.service,
  };
}

/** The link of the folder, or of the nearest above it. The tool asks the system for its folder, so links are resolved. */
function nearest(links: readonly Entry[], { cwd }: Call, world: World): Entry | undefined {
  if (!isKnown(cwd) || links.length === 0) return undefined;
  for (let path = world.realpath(cwd); ; path = path.slice(0, path.lastIndexOf("/")) || "/") {
    const link = links.find(({ folder }) => folder === path);
    if (link !== undefined || path === "/" || !path.startsWith("/")) return link;
  }
}

function storedLogin({ value, shown }: Config, call: Call, world: World): readonly Credential[] {
  const secret = tokenIn(value);
  if (secret === undefined) return [];
  return [credential(call, world, "railway login", secret, `config:${shown}`)];
}

function tokenIn(config: Value): string | undefined {
  return textAt(config, "user.accessToken") ?? textAt(config, "user.token");
}

function hasToken(call: Call): boolean {
  return isSet(call, "RAILWAY_TOKEN") || isSet(call, "RAILWAY_API_TOKEN");
}

function isSet(call: Call, name: string): boolean {
  const value = envGet(call.env, name);
  return value !== undefined && value !== "";
}

function variableText(call: Call, name: string): string | undefined {
  const value = envGet(call.env, name);
  return value !== undefined && isKnown(value) && value !== "" ? value : undefined;
}

function textAt(value: Value, path: string): string | undefined {
  return textOf(valueAt(value, path)) || undefined;
}
