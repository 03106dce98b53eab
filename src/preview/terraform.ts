import { join } from "node:path/posix";
import * as v from "valibot";
import { many, showAge } from "../model/amount.js";
import { isKnown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { JudgedCall } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { resolvePath } from "../readers/path.js";
import { readPlan } from "../readers/remote/terraform-plan.js";
import { type Finding, failed, found, type Gather } from "./previewer.js";

/**
 * What a state file on this machine, or a saved plan, says that would go. Terraform itself is not started, not for `show`
 * either: it runs the providers below `.terraform`, which are programs that lie where the session works.
 */
export const gatherTerraform: Gather = async ({ effects, call, env, world }) =>
  effects.map(({ at, effect }): Finding => {
    const words = call.argv.map((word) => {
      if (!isKnown(word)) throw new Error(`${word.source} is known only when the call runs`);
      return word;
    });
    if ([...env.keys()].some((name) => name.startsWith("TF_CLI_ARGS")))
      throw new Error("TF_CLI_ARGS adds options to it");
    if (call.tool === "terragrunt")
      throw new Error("which state terragrunt would use is known only to its own run");
    const folder = folderOf(words, call, world);
    const now = world.now?.() ?? Date.now();
    if (effect.resource === "cloud" && effect.service === "apply") {
      const file = words.findLast((word) => !word.startsWith("-"));
      if (file === undefined || file === "apply")
        return failed(at, "no saved plan is named, and none is made for a look");
      const plan = readPlan(file.startsWith("/") ? file : join(folder, file), world);
      if (!plan.ok) return failed(at, `the saved plan says nothing: ${plan.reason}`);
      return found(
        at,
        rowsOf(
          plan.destroyed.map((address) => ({ address, notes: [] })),
          "the plan destroys",
        ),
      );
    }
    const path = stateFile(words, folder, env, world);
    const { resources, modified } = readState(path, world);
    const targets = optionsOf("target", words);
    return found(at, [
      ...rowsOf(resources, "its state has"),
      ...(targets.length === 0 ? [] : [`of these goes what ${targets.join(", ")} is, and all that needs it`]),
      `by ${path}, written ${showAge(modified, now)}: others may have changed it elsewhere`,
    ]);
  });

/** `-state=FILE` and `-state FILE`. */
function optionsOf(name: string, words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const [, option, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    return option === name ? [value ?? words[at + 1] ?? ""] : [];
  });
}

function folderOf(words: readonly string[], call: JudgedCall, world: World): string {
  const given = optionsOf("chdir", words).at(-1) ?? ".";
  const folder = resolvePath(call, world, given);
  if (folder === undefined || !isKnown(folder)) throw new Error("which folder is meant is not known");
  return folder;
}

const backendSchema = v.object({
  backend: v.optional(
    v.nullable(
      v.object({
        type: v.string(),
        config: v.optional(v.nullable(v.object({ path: v.nullish(v.string()) }))),
      }),
    ),
  ),
});

function stateFile(
  words: readonly string[],
  folder: string,
  env: ReadonlyMap<string, string>,
  world: World,
): string {
  const given = optionsOf("state", words).at(-1);
  if (given !== undefined && given !== "") return given.startsWith("/") ? given : join(folder, given);
  const data = env.get("TF_DATA_DIR") ?? ".terraform";
  const own = data.startsWith("/") ? data : join(folder, data);
  const backend = v.safeParse(backendSchema, readJson(join(own, "terraform.tfstate"), world) ?? {});
  const { type = "local", config } =
    (backend.success ? backend.output.backend : { type: "one that is not known" }) ?? {};
  if (type !== "local")
    throw new Error(
      `its state lies elsewhere (backend "${type}"): terraform would run programs of the workspace to read it`,
    );
  const name = env.get("TF_WORKSPACE") ?? readText(join(own, "environment"), world)?.trim() ?? "";
  if (!/^[\w.-]*$/.test(name)) throw new Error("its workspace has a name that is not known here");
  if (name !== "" && name !== "default")
    return join(folder, "terraform.tfstate.d", name, "terraform.tfstate");
  const path = config?.path ?? "terraform.tfstate";
  return path.startsWith("/") ? path : join(folder, path);
}

interface Resource {
  readonly address: string;
  /** What its own settings say of a way back. */
  readonly notes: readonly string[];
}

const stateSchema = v.object({
  version: v.literal(4),
  resources: v.array(
    v.object({
      mode: v.string(),
      type: v.string(),
      name: v.string(),
      module: v.optional(v.string()),
      instances: v.optional(
        v.array(
          v.object({
            index_key: v.optional(v.union([v.string(), v.number()])),
            attributes: v.fallback(v.nullish(v.record(v.string(), v.unknown())), undefined),
          }),
        ),
        [],
      ),
    }),
  ),
});

function readState(
  path: string,
  world: World,
): { readonly resources: readonly Resource[]; readonly modified: number } {
  const stat = world.lstat(world.realpath(path));
  if (!stat.exists)
    throw new Error(`there is no state in ${path}: it lies elsewhere, or nothing was made yet`);
  const state = v.safeParse(stateSchema, readJson(path, world));
  if (!state.success) throw new Error(`${path} is no state that can be read`);
  const resources = state.output.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: key, attributes }) => ({
        address: `${module === undefined ? "" : `${module}.`}${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`,
        notes: notesOf(attributes ?? {}),
      })),
    );
  return { resources, modified: stat.modified };
}

function notesOf(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  return [
    ...(attributes["skip_final_snapshot"] === true ? ["no final snapshot"] : []),
    ...(attributes["force_destroy"] === true ? ["with every object in it"] : []),
    ...(attributes["deletion_protection"] === true || attributes["deletion_protection_enabled"] === true
      ? ["deletion protection is on"]
      : []),
  ];
}

function rowsOf(resources: readonly Resource[], head: string): readonly string[] {
  if (resources.length === 0) return [`${head} no resources`];
  const counts = new Map<string, number>();
  for (const { address } of resources) counts.set(typeOf(address), (counts.get(typeOf(address)) ?? 0) + 1);
  const kinds = [...counts].toSorted(([a], [b]) => Number(keepers.test(b)) - Number(keepers.test(a)));
  const shown = kinds.slice(0, 8).map(([type, count]) => (count === 1 ? type : `${type} ×${count}`));
  const more = kinds.length > 8 ? ` and ${many(kinds.length - 8, "other kind")}` : "";
  const data = resources.filter(({ address }) => keepers.test(typeOf(address)));
  const told = data
    .slice(0, 8)
    .map(({ address, notes }) => `${address}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`);
  return [
    ...(data.length === 0
      ? []
      : [`keep data: ${told.join(", ")}${data.length > 8 ? ` and ${data.length - 8} more` : ""}`]),
    `${head} ${many(resources.length, "resource")}: ${shown.join(", ")}${more}`,
  ];
}

/** `module.db["a.b"].aws_db_instance.shop[0]` is an `aws_db_instance`. */
function typeOf(address: string): string {
  return (
    address
      .replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, "")
      .split(".")
      .at(-2) ?? address
  );
}

const keepers =
  /(db_instance|rds_cluster|sql|database|dynamodb_table|s3_bucket$|storage_bucket$|storage_account|bigtable|bigquery|spanner|ebs_volume|compute_disk|managed_disk|efs_file_system|filestore|redis|elasticache|persistent_volume|volume$|kms_key|elasticsearch|opensearch|redshift|cosmosdb|backup_vault|key_vault)/;

function readText(path: string, world: World): string | undefined {
  const content = world.readFile(path, 64 << 20);
  return content.ok && content.complete ? decodeBytes(content.bytes) : undefined;
}

function readJson(path: string, world: World): unknown {
  try {
    return JSON.parse(readText(path, world) ?? "null") ?? undefined;
  } catch {
    return {};
  }
}
