import { assertNever } from "../model/assert-never.js";
import type { Action, CloudEffect, Effect, Extent, FileEffect, OtherEffect } from "../model/effect.js";

/** What a command would do, in words: `delete volume 3d2c42fb at Railway`. Raw: the reader of it makes it visible. */
export function effectWords(effect: Effect): string {
  switch (effect.resource) {
    case "file":
      return fileWords(effect);
    case "http":
      return `send ${effect.method} to ${effect.host}${effect.path}`;
    case "graphql":
      return `${effect.operation} ${effect.field} at ${effect.host}${about(effect.target, effect.field)}`;
    case "sql": {
      const isWhole = !effect.restricted && /^(?:delete|update)\b/i.test(effect.statement);
      const rows = isWhole ? "every row" : effect.extent.kind === "all" ? "" : amount(effect.extent);
      const where = [effect.database, effect.host].filter((word) => word !== "").join(" on ");
      const engine = effect.engine === "sql" ? "" : `, ${effect.engine}`;
      return `${effect.statement} ${effect.target}${note(rows)}${where === "" ? "" : ` in ${where}`}${engine}`;
    }
    case "cloud":
      return cloudWords(effect);
    case "git":
      return `${effect.action} ${effect.target}${note(amount(effect.extent))} by git ${effect.operation}${effect.remote ? ", on the remote" : ""}`;
    case "container":
    case "kubernetes":
    case "process":
    case "device":
    case "package":
    case "secret":
      return programWords(effect);
    case "guard":
      return `reach for the guard itself: ${effect.operation} ${effect.target}`;
    case "opaque":
      return `run what cannot be judged: ${effect.target}`;
    default:
      return assertNever(effect);
  }
}

function cloudWords({ action, type, target, tool, operation, provider, extent }: CloudEffect): string {
  const isNamed = target !== operation;
  const isOne = !manyProviders.has(provider);
  const what = isNamed ? namedThing(type, target) : type;
  const by = isNamed && isOne ? "" : ` by ${tool} ${operation}`;
  return `${action} ${what}${isOne ? ` at ${providerWords(provider)}` : ""}${note(amount(extent))}${by}`;
}

/** Its kind stands once, and in the singular: `droplet web` of doctl's `compute droplet web`, whose first word says nothing. */
function namedThing(type: string, target: string): string {
  const words = target.split(" ");
  const at = words.findIndex((word) => word === type || word === `${type}s`);
  if (at < 0) return `${type} ${target}`;
  // `ecs` and `redis` are no plurals.
  const kind = type.length > 3 && !/[iu]$/.test(type) ? type : words[at];
  const said = words.map((word, each) => (each === at ? kind : word));
  return said.slice(at === 1 && /^(?:cloud|compute)$/.test(words[0] ?? "") ? 1 : 0).join(" ");
}

/** By the command's own words: `run shutdown -h now`, `delete data by docker volume rm`. */
function programWords(effect: OtherEffect): string {
  const { action, tool, operation } = effect;
  const { target, where } = placed(effect);
  const named = inWords.get(operation);
  if (named !== undefined) return named(tool, target);
  if (`${operation} `.startsWith(`${target} `) && target !== tool) return `run ${tool} ${operation}${where}`;
  if (operation === tool || operation.startsWith(`${tool} `))
    return `run ${target === tool ? tool : `${tool} ${target}`}${where}`;
  if (action !== "delete") return `run ${tool} ${operation} ${target}${where}`;
  return `delete ${target}${note(amount(effect.extent))} by ${tool} ${operation}${where}`;
}

/** A target of another machine or a container has its name in front. */
function placed({ target, machine }: OtherEffect): { readonly target: string; readonly where: string } {
  const container = /^container [^:]+(?=:)/.exec(target)?.[0];
  if (container !== undefined)
    return { target: target.slice(container.length + 1), where: ` in ${container}` };
  if (machine === undefined || !target.startsWith(`${machine}:`)) return { target, where: "" };
  return { target: target.slice(machine.length + 1), where: ` on ${machine}` };
}

/** Operations that no program calls so. */
const inWords: ReadonlyMap<string, (tool: string, target: string) => string> = new Map([
  ["remote command", (tool, target) => `run a command on ${target} by ${tool}`],
  ["run unread code", (tool, target) => `run unread code by ${tool === target ? tool : `${tool} ${target}`}`],
  ["fork without end", (_, target) => `start processes without end: ${target}`],
  ["background server", (_, target) => `hand commands to ${target}`],
]);

/** What of an effect its recovery's words go by. */
export type RecoveryShown = Pick<Effect, "recovery" | "action" | "resource">;

/** Whether it could be had again. */
export function recoveryWords({ recovery, action, resource }: RecoveryShown): string {
  switch (recovery) {
    case "git":
      return "git has its content";
    case "recreate":
      // A service that is stopped, a deployment of no replicas: it is all there.
      return action === "modify" && resource !== "file" ? "can be put back" : "can be made again";
    case "trash":
      return "goes to the trash";
    case "backup":
      return "a backup exists";
    case "none":
      return "no way back";
    case "unknown":
      return "way back unknown";
    case "needless":
      return "nothing is lost";
    default:
      return assertNever(recovery);
  }
}

/** Effects on files that differ only in their names, as one. */
export function fileGroupWords(effects: readonly FileEffect[]): string {
  const first = effects[0];
  if (first === undefined) return "";
  if (effects.length === 1) return fileWords(first);
  const folder = commonFolder(effects.map((effect) => effect.target));
  const names = effects.map((effect) => effect.target.slice(folder.length));
  const inside = sum(effects);
  // `rm -rf` takes plain files as well: one that holds one file may be one.
  const singles = effects.filter(({ recursive, extent }) => !recursive || isOneFile(extent)).length;
  const what = singles === effects.length ? "files" : singles === 0 ? "folders" : "files and folders";
  const place = folder === "" ? "" : ` in ${folder}`;
  return `${verb(first)} ${effects.length} ${what}${place}${note(inside)}: ${names.join(", ")}`;
}

function fileWords(effect: FileEffect): string {
  const { extent, target } = effect;
  if (!effect.recursive)
    return `${verb(effect)} ${target}${extent.kind === "exact" ? bytes(extent) : note(amount(extent))}`;
  if (isOneFile(extent)) return `${verb(effect)} ${target} (1 file)`;
  const files = amount(extent);
  return files === "" ? `${verb(effect)} all below ${target}` : `${verb(effect)} ${files} below ${target}`;
}

function isOneFile(extent: Extent): boolean {
  return extent.kind === "exact" && extent.unit === "files" && extent.count === 1;
}

function verb(effect: FileEffect): string {
  if (effect.aspect === "name") return effect.action === "delete" ? "remove the name" : "rename";
  if (effect.aspect === "access") return "change owner or mode of";
  return fileVerbs[effect.action];
}

const fileVerbs: Readonly<Record<Action, string>> = {
  read: "read",
  create: "create",
  modify: "overwrite",
  delete: "delete",
  execute: "run",
  grant: "give access to",
  send: "send",
};

/** `14 files`, `at least 200 rows`, `everything`, `nobody knows how much`; "" for one thing, which needs no number. */
function amount(extent: Extent): string {
  switch (extent.kind) {
    case "exact":
      return extent.unit === "objects" && extent.count === 1 ? "" : count(extent.count, extent.unit);
    case "at-least":
      return `at least ${count(extent.count, extent.unit)}`;
    case "all":
      return "everything";
    case "unknown":
      return "an unknown amount";
    default:
      return assertNever(extent);
  }
}

function count(number: number, unit: string): string {
  if (unit === "bytes") return size(number);
  return `${number.toLocaleString("en-US")} ${number === 1 ? unit.replace(/s$/, "") : unit}`;
}

function size(bytesCount: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytesCount;
  let at = 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}

function bytes(extent: Extent & { readonly kind: "exact" }): string {
  return extent.unit === "bytes" ? ` (${size(extent.count)})` : "";
}

function sum(effects: readonly FileEffect[]): string {
  let total = 0;
  let isExact = true;
  for (const { extent } of effects) {
    if (extent.kind === "all" || extent.kind === "unknown") return amount(extent);
    if (extent.unit !== "files") return "";
    total += extent.count;
    isExact &&= extent.kind === "exact";
  }
  return isExact && total === effects.length ? "" : `${isExact ? "" : "at least "}${count(total, "files")}`;
}

function commonFolder(paths: readonly string[]): string {
  let folder = (paths[0] ?? "").replace(/[^/]*$/, "");
  while (folder !== "" && !paths.every((path) => path.startsWith(folder)))
    folder = folder.replace(/[^/]*\/$/, "");
  return folder === "/" ? "" : folder;
}

function note(words: string): string {
  return words === "" ? "" : ` (${words})`;
}

function about(words: string, said: string): string {
  return words === "" || words === said ? "" : ` (${words})`;
}

function providerWords(name: string): string {
  return (
    providers.get(name) ??
    (name === "" ? "an unknown provider" : name.charAt(0).toUpperCase() + name.slice(1))
  );
}

const providers: ReadonlyMap<string, string> = new Map([
  ["aws", "AWS"],
  ["gcp", "Google Cloud"],
  ["digitalocean", "DigitalOcean"],
  ["github", "GitHub"],
  ["gitlab", "GitLab"],
  ["influxdb", "InfluxDB"],
  ["nats", "NATS"],
  ["planetscale", "PlanetScale"],
  ["rabbitmq", "RabbitMQ"],
]);

/** What the tables call several at once: the program says which. */
const manyProviders: ReadonlySet<string> = new Set([
  ...["data", "infrastructure", "local", "network", "platform", "registry", "secrets", "service", "services"],
  ...["split", "storage", "version-control", "virtualisation", "web"],
]);
