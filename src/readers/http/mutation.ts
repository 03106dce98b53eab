import { type CloudEffect, type GraphqlEffect, plainEffect } from "../../model/effect.js";
import { worstDeed } from "../shell/trap.js";
import { type Value, valueAt } from "../value.js";
import { isDestructiveName } from "../verbs.js";
import type { KnownApi } from "./api-table.js";
import type { GraphqlField } from "./graphql.js";

/** What one root field does at an API that is known. */
export function readKnownField(
  tool: string,
  { operation, field, args }: GraphqlField,
  known: KnownApi,
): CloudEffect {
  const cloud = {
    resource: "cloud",
    provider: known.api.provider,
    service: "graphql",
    operation: field,
  } as const;
  if (operation !== "mutation") {
    return { ...plainEffect(tool, "read", field), ...cloud, type: operation, because: `reads "${field}"` };
  }
  const mutation = known.mutations.get(field);
  const target = targetOf(args, mutation?.ids ?? []) ?? field;
  const environment = environmentOf(args);
  if (mutation === undefined) {
    const action = isDestructiveName(field) ? "delete" : "modify";
    const because = `the mutation "${field}" is not in the table of this API`;
    return { ...plainEffect(tool, action, target), ...cloud, environment, type: "unlisted", because };
  }
  const { deed, type } = worstDeed(mutation.deed, mutation.type, mutation.traps, args);
  return {
    ...plainEffect(tool, deed.action, target),
    ...cloud,
    environment,
    type,
    recovery: deed.recovery,
    because: deed.because,
  };
}

/** What one root field does where nothing is known but its name. */
export function readForeignField(
  tool: string,
  { operation, field, args }: GraphqlField,
  host: string,
): GraphqlEffect {
  const graphql = { resource: "graphql", host, operation, field } as const;
  if (operation !== "mutation") {
    return { ...plainEffect(tool, "read", field), ...graphql, because: `reads "${field}"` };
  }
  const action = isDestructiveName(field) ? "delete" : "modify";
  const target = targetOf(args, []) ?? field;
  return { ...plainEffect(tool, action, target), ...graphql, because: `runs the mutation "${field}"` };
}

/** The thing itself: the arguments that the table names, else the likeliest one. */
function targetOf(args: Value, ids: readonly string[]): string | undefined {
  const named = new Set(
    ids.map((path) => showValue(valueAt(args, path))).filter((text) => text !== undefined),
  );
  if (named.size > 0) return [...named].join("/");
  if (args.kind !== "object") return undefined;
  const names = [...args.fields.keys()];
  const likely =
    names.find((name) => name === "id") ?? names.find((name) => /(^id|Id|ID|_id|ids|Ids)$/.test(name));
  if (likely !== undefined) return showValue(args.fields.get(likely));
  const input = args.fields.get("input") ?? args.fields.get("where");
  if (input?.kind === "unknown") return input.source;
  return input?.kind === "object" ? targetOf(input, []) : undefined;
}

/** The id of the environment that the call speaks of; the policy's labels know it by name. */
function environmentOf(args: Value): string {
  const value = valueAt(args, "environmentId") ?? valueAt(args, "input.environmentId");
  return value?.kind === "scalar" ? value.text : "unknown";
}

function showValue(value: Value | undefined): string | undefined {
  if (value?.kind === "scalar") return value.text;
  if (value?.kind === "unknown") return value.source;
  if (value?.kind === "list") return value.items.map((item) => showValue(item) ?? "?").join(",");
  return undefined;
}
