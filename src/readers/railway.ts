import { type Arg, isKnown, showArg, type Unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { Api, ToolTree } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { apiTable, type KnownApi } from "./api-table.js";
import { environmentCredentials } from "./credentials.js";
import { readGraphql } from "./graphql.js";
import { leaveToShim, riddle } from "./http-request.js";
import { type Inputs, openInputs } from "./inputs.js";
import { readKnownField } from "./mutation.js";
import { inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { wrap } from "./sight.js";
import { optionOf, readTree, type Walk, walkTree } from "./tree.js";
import { parseJson, type Value, valueFromJson } from "./value.js";

/** The Railway command line: its tree, with a reader of its own for `api` and for what it runs locally. */
export function railwayReader(tree: ToolTree, apis: readonly Api[]): Reader {
  const known = apiTable(apis.filter((api) => api.provider === tree.provider)).find("backboard.railway.com");
  return {
    names: tree.names,
    read: (call, world) => {
      const walks = walkTree(tree, call.argv.slice(1));
      const [walk] = walks;
      if (walk === undefined) return nothing;
      if (walk.path.join(" ") === "api" && known !== undefined && !asksForHelp(tree, walk))
        return readApi(walk, tree, known, call, world);
      const runs = walks.filter(({ path }) => path[0] === "run").map((one) => readRun(one, call, world));
      return join(readTree(tree, call, world), ...runs);
    },
  };
}

function asksForHelp(tree: ToolTree, walk: Walk): boolean {
  return walk.options.some(({ name }) => tree.quiet.includes(name));
}

/** `railway api`: any GraphQL document, by argument, --file or stdin. */
function readApi(walk: Walk, tree: ToolTree, known: KnownApi, call: Call, world: World): Reading {
  const inputs = openInputs(call, world);
  const tool = tree.names[0] ?? "railway";
  const document = readDocument(walk, inputs);
  const name = optionOf(walk, "--operation-name");
  const effects = isKnown(document)
    ? readRequest(document, name, readVariables(walk, inputs), tool, known)
    : [opaqueEffect(tool, document.source, `the GraphQL document cannot be foreseen: ${document.reason}`)];
  const credentials = environmentCredentials(call, world, tree.credentials);
  return {
    effects: leaveToShim(call, effects).map((effect) => ({ ...effect, credentials })),
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
function readVariables(walk: Walk, inputs: Inputs): Value {
  const whole = optionOf(walk, "--variables");
  const fields = new Map<string, Value>();
  if (whole !== undefined) {
    const text = isKnown(whole) && whole.startsWith("@") ? inputs.readText(whole.slice(1)) : whole;
    const json = isKnown(text) ? parseJson(text) : { ok: false as const };
    if (json.ok && json.value.kind === "object")
      for (const [key, value] of json.value.fields) fields.set(key, value);
  }
  for (const { name, value } of walk.options) {
    if ((name !== "--var" && name !== "--raw-var") || value === undefined || !isKnown(value)) continue;
    const equals = value.indexOf("=");
    const json = name === "--var" ? parseJson(value.slice(equals + 1)) : { ok: false as const };
    fields.set(value.slice(0, equals), json.ok ? json.value : valueFromJson(value.slice(equals + 1)));
  }
  return { kind: "object", fields };
}

/** `railway run CMD …`: a program of this machine, with the variables of a Railway environment. */
function readRun(walk: Walk, call: Call, world: World): Reading {
  const environment = optionOf(walk, "-e", "--environment");
  const via = environment === undefined ? "railway run" : `railway run (${showArg(environment)})`;
  return inner(...wrap(call, world, walk.rest, via));
}
