import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import type { KnownApi } from "../http/api-table.js";
import { readGraphql } from "../http/graphql.js";
import { leaveToShim, riddle } from "../http/http-request.js";
import { readKnownField } from "../http/mutation.js";
import { type Inputs, openInputs } from "../inputs.js";
import type { Reading } from "../reader.js";
import { optionOf, type Walk } from "../tree/walk.js";
import { parseJson, type Value, valueFromJson } from "../value.js";
import type { Link } from "./link.js";

/** `railway api`: any GraphQL document, by argument, --file or stdin. */
export function readApi(
  walk: Walk,
  tool: string,
  known: KnownApi,
  link: Link,
  call: Call,
  world: World,
): Reading {
  const inputs = openInputs(call, world);
  const document = readDocument(walk, inputs);
  const name = optionOf(walk, "--operation-name");
  const effects = isKnown(document)
    ? readRequest(document, name, readVariables(walk, document, inputs), tool, known)
    : [opaqueEffect(tool, document.source, `the GraphQL document cannot be foreseen: ${document.reason}`)];
  return {
    effects: leaveToShim(call, effects).map((effect) => withName(effect, link)),
    inner: [],
    wantsStdin: inputs.wantsStdin(),
  };
}

function readDocument(walk: Walk, inputs: Inputs): string | Unknown {
  const file = optionOf(walk, "-f", "--file");
  if (file !== undefined) return inputs.readText(file);
  return walk.words[0] ?? inputs.readText("-");
}

function readRequest(
  document: string,
  name: Arg | undefined,
  variables: Value,
  tool: string,
  known: KnownApi,
): readonly Effect[] {
  const operationName = name !== undefined && isKnown(name) ? name : undefined;
  const reading = readGraphql({ document, operationName, variables });
  if (!reading.ok) {
    return [riddle(tool, "api", `the GraphQL document cannot be read: ${reading.reason}`)];
  }
  return reading.fields.map((field) => readKnownField(tool, field, known));
}

/** `--variables JSON|@PATH|@-`, then --var and --raw-var, the later over the earlier. */
function readVariables(walk: Walk, document: string, inputs: Inputs): Value {
  const whole = optionOf(walk, "--variables");
  const fields = new Map<string, Value>();
  if (whole !== undefined) {
    const text = isKnown(whole) && whole.startsWith("@") ? inputs.readText(whole.slice(1)) : whole;
    const json = isKnown(text) ? parseJson(text) : { ok: false as const };
    if (json.ok && json.value.kind === "object")
      for (const [key, value] of json.value.fields) fields.set(key, value);
    else hideAll(document, fields);
  }
  for (const { name, value } of walk.options) {
    if ((name !== "--var" && name !== "--raw-var") || value === undefined) continue;
    const text = isKnown(value) ? value : value.prefix;
    const equals = text.indexOf("=");
    const key = text.slice(0, Math.max(equals, 0));
    const json = name === "--var" ? parseJson(text.slice(equals + 1)) : { ok: false as const };
    if (isKnown(value)) fields.set(key, json.ok ? json.value : valueFromJson(text.slice(equals + 1)));
    else if (equals > 0) fields.set(key, { kind: "unknown", source: value.source });
    else hideAll(document, fields);
  }
  return { kind: "object", fields };
}

/** What cannot be read may give any variable any value, one that has a default too. */
function hideAll(document: string, fields: Map<string, Value>): void {
  for (const [source, name = ""] of document.matchAll(/\$(\w+)/g))
    fields.set(name, { kind: "unknown", source });
}

/** The environment's name, where a folder is linked to the one that the request speaks of by its id. */
function withName(effect: Effect, link: Link): Effect {
  const name = link.nameOf(effect.environment);
  return name === undefined || effect.resource !== "cloud"
    ? effect
    : { ...effect, environment: name, environmentId: effect.environment };
}
