import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type CloudEffect, type Effect, type OtherEffect, plainEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { toolCredentials } from "../credentials/tool.js";
import { sqlEffect } from "../sql/effects.js";
import { isForTests, placeOf } from "./database.js";
import type { TreeDeed } from "./deed.js";
import { optionOf, type Walk } from "./walk.js";

/** The effect of a subcommand, in the terms of its tool's resource. */
export function toEffect(
  tree: ToolTree,
  tool: string,
  walk: Walk,
  { deed, type, flag }: TreeDeed,
  call: Call,
  world: World,
): Effect {
  const words = walk.path.length > 0 ? walk.path.join(" ") : walk.words.map(showArg).join(" ");
  const option = flag?.startsWith("-") ? [flag] : [];
  // `compose down -v`; of `pacman -R firefox` the words are what it is done to.
  const operation = [...(option.length > 0 && hasNoSubcommands(tree) ? [] : [words]), ...option].join(" ");
  const environment = environmentOf(tree, walk, call);
  const credentials = toolCredentials(call, world, tree.credentials, walk, registryOf(tree, walk));
  const resource = walk.command.resource ?? tree.resource;
  if (resource === "sql") {
    const place = placeOf(tree, walk, call, world);
    const target = named(walk) ?? (place.database || `by ${tool} ${words}`);
    const statement = type === tree.provider ? "DROP" : type;
    const restricted = statement !== "TRUNCATE";
    const isLoss = deed.action === "delete" || deed.action === "modify";
    const evidence =
      isLoss && deed.recovery !== "needless" && isForTests(place, environment)
        ? ({ recovery: "recreate", because: "a database for tests, which they fill anew" } as const)
        : { recovery: deed.recovery, because: deed.because };
    const { engine, host, database } = place;
    const server = { tool, engine, host, database, credentials };
    const effect = sqlEffect(server, { action: deed.action, statement, target, restricted, ...evidence });
    return { ...effect, environment };
  }
  const common = {
    ...plainEffect(tool, deed.action, targetOf(walk) ?? words),
    recovery: deed.recovery,
    because: deed.because,
    environment,
    credentials,
    scope: scopeOf(walk, call, world),
  };
  if (resource !== "cloud") return { ...common, resource, operation } satisfies OtherEffect;
  return {
    ...common,
    resource,
    provider: tree.provider,
    service: walk.path[0] ?? tool,
    type,
    operation: words,
  } satisfies CloudEffect;
}

function hasNoSubcommands({ root }: ToolTree): boolean {
  return root.commands.every(({ name }) => name === "*");
}

/** `docker push ghcr.io/me/app:1`: the host of the registry that it signs in to. Others go by the file alone. */
function registryOf(tree: ToolTree, { path, words, rest }: Walk): string | undefined {
  if (tree.provider !== "docker" || !/^(push|pull|login)$/.test(path.at(-1) ?? "")) return undefined;
  const image = [...words, ...rest].filter(isKnown).findLast((word) => !word.startsWith("-")) ?? "";
  const [first = ""] = image.split("/");
  return /[.:]|^localhost$/.test(first) && (image.includes("/") || path.at(-1) === "login")
    ? first
    : "index.docker.io";
}

/** What an option, a word or a variable says: a tool goes by it, whoever set it. */
function environmentOf(tree: ToolTree, walk: Walk, call: Call): string {
  const option = optionOf(walk, ...tree.environment);
  const given =
    option ?? tree.variables.map((name) => settingOf(name, walk, call)).find((one) => one !== undefined);
  return given === undefined || given === "" ? "unknown" : (plainNames.get(showArg(given)) ?? showArg(given));
}

const plainNames: ReadonlyMap<string, string> = new Map([
  ["testing", "test"],
  ["dev", "development"],
  ["prod", "production"],
]);

/** `RAILS_ENV=test rails db:drop`, `rails db:drop RAILS_ENV=test`. */
function settingOf(name: string, walk: Walk, call: Call): Arg | undefined {
  const word = walk.words.find((one) => isKnown(one) && one.startsWith(`${name}=`));
  return word !== undefined && isKnown(word) ? word.slice(name.length + 1) : envGet(call.env, name);
}

/**
 * The same words are another thing with another `-n`, `--project`, `-f` or `-chdir`; where no word names one (`terraform destroy`),
 * it is what lies in the folder.
 */
function scopeOf(walk: Walk, { cwd }: Call, world: World): string {
  const options = walk.options.map(
    ({ name, value }) => `${name}=${value === undefined ? "" : showArg(value)}`,
  );
  const isHere = targetOf(walk) === undefined;
  const folder = isHere && isKnown(cwd) ? world.realpath(cwd) : "";
  return options.length === 0 && !isHere ? "" : world.fingerprint([folder, ...options.toSorted()].join("\0"));
}

/** The option that names the thing, else the words that are no subcommand. */
function targetOf(walk: Walk): string | undefined {
  const words = [...walk.words, ...walk.rest].map(showArg).join(" ");
  return named(walk) ?? (words === "" ? undefined : words);
}

function named(walk: Walk): string | undefined {
  const option = optionOf(walk, ...walk.command.target);
  return option === undefined ? undefined : showArg(option);
}
