import { type Arg, isKnown, showArg, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { isCredentialHeader } from "../credentials/credential.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import { toolCredentials } from "../credentials/tool.js";
import type { ApiTable } from "../http/api-table.js";
import { leaveToShim, plainRequest, readRequest } from "../http/http-request.js";
import { type Inputs, openInputs } from "../inputs.js";
import { inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";

interface Service {
  /** The option that names the server, its variable, and the public server. */
  readonly host: string;
  readonly rest: (host: string) => string;
  readonly graphql: (host: string) => string;
  readonly variable: string;
}

/** Servers that `gh` and `glab` speak to: <https://cli.github.com/manual/gh_api>, <https://docs.gitlab.com/cli/api>. */
const services: Readonly<Record<string, Service>> = {
  github: {
    host: "github.com",
    rest: (host) => (host === "github.com" ? "https://api.github.com/" : `https://${host}/api/v3/`),
    graphql: (host) =>
      host === "github.com" ? "https://api.github.com/graphql" : `https://${host}/api/graphql`,
    variable: "GH_HOST",
  },
  gitlab: {
    host: "gitlab.com",
    rest: (host) => `https://${host}/api/v4/`,
    graphql: (host) => `https://${host}/api/graphql`,
    variable: "GITLAB_HOST",
  },
};

/** `gh` and `glab`: their trees, `api` as the request that it sends, and aliases that are lines for a shell. */
export function hostingReader(tree: ToolTree, apis: ApiTable): Reader {
  const service = services[tree.provider];
  return {
    names: tree.names,
    read: (call, world) => {
      const [walk] = walkTree(tree, call.argv.slice(1));
      if (walk === undefined || service === undefined) return nothing;
      const asksForHelp = walk.options.some(({ name }) => tree.quiet.includes(name));
      if (walk.path.join(" ") === "alias set") return join(readTree(tree, call, world), readAlias(walk));
      if (walk.path.join(" ") !== "api" || asksForHelp) return readTree(tree, call, world);
      const inputs = openInputs(call, world);
      const request = requestOf(walk, service, call, inputs);
      const tool = showArg(call.tool);
      const effects =
        "reason" in request
          ? [opaqueEffect(tool, request.source, request.reason)]
          : readRequest(
              {
                ...plainRequest,
                ...request,
                tool,
                credentials: credentialsOf(request, tree, walk, call, world),
              },
              apis,
            );
      return { effects: leaveToShim(call, effects), inner: [], wantsStdin: inputs.wantsStdin() };
    },
  };
}

/** A header of one's own stands in for what `gh` would send. */
function credentialsOf(
  { url, headers, body }: ApiRequest,
  tree: ToolTree,
  walk: Walk,
  call: Call,
  world: World,
): readonly Credential[] {
  const given = requestCredentials(call, world, { url, headers: namedHeaders(headers), body });
  const isOwn = headers.some(([name]) => isCredentialHeader(name));
  return isOwn ? given : [...toolCredentials(call, world, tree.credentials, walk), ...given];
}

interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Unknown | undefined;
}

function requestOf(walk: Walk, service: Service, call: Call, inputs: Inputs): ApiRequest | Unknown {
  const [endpoint] = walk.words;
  if (endpoint === undefined) return unknown("api", "no endpoint is named");
  const named = optionOf(walk, "--hostname") ?? envGet(call.env, service.variable) ?? service.host;
  const stated = optionOf(walk, "-X", "--method");
  const headers = walk.options.flatMap(({ name, value }) => headerOf(name, value));
  for (const word of [endpoint, named, stated]) if (word !== undefined && !isKnown(word)) return word;
  const path = showArg(endpoint).replace(/^\//, "");
  const isGraphql = path === "graphql";
  const host = showArg(named);
  const url = isGraphql
    ? service.graphql(host)
    : /^https?:\/\//.test(path)
      ? path
      : service.rest(host) + path;
  const body = bodyOf(walk, inputs, isGraphql);
  return {
    method: stated === undefined ? (body === undefined ? "GET" : "POST") : showArg(stated),
    url,
    headers,
    body,
  };
}

function headerOf(name: string, value: Arg | undefined): readonly (readonly [string, string])[] {
  if (!/^(-H|--header)$/.test(name) || value === undefined || !isKnown(value)) return [];
  const colon = value.indexOf(":");
  return colon < 0 ? [] : [[value.slice(0, colon).trim(), value.slice(colon + 1).trim()]];
}

/** `--input FILE`, or the fields of `-f` (texts) and `-F` (values, `@file`), put together as JSON. */
function bodyOf(walk: Walk, inputs: Inputs, isGraphql: boolean): string | Unknown | undefined {
  const file = optionOf(walk, "--input");
  if (file !== undefined) return inputs.send(file);
  const fields = new Map<string, string>();
  for (const { name, value } of walk.options) {
    const isTyped = /^(-F|--field)$/.test(name);
    if ((!isTyped && !/^(-f|--raw-field)$/.test(name)) || value === undefined) continue;
    if (!isKnown(value)) return value;
    const equals = value.indexOf("=");
    const text = value.slice(equals + 1);
    const content = isTyped && text.startsWith("@") ? inputs.send(text.slice(1)) : text;
    if (!isKnown(content)) return content;
    fields.set(value.slice(0, equals), content);
  }
  if (fields.size === 0) return undefined;
  if (!isGraphql) return JSON.stringify(Object.fromEntries(fields));
  const { query = "", operationName, ...variables } = Object.fromEntries(fields);
  return JSON.stringify({ query, operationName, variables });
}

/** `gh alias set x '!line'`: what it will run is judged when it is made. */
function readAlias(walk: Walk): Reading {
  const text = walk.words[1];
  const isShell = walk.options.some(({ name }) => /^(-s|--shell)$/.test(name));
  if (text === undefined || !isKnown(text) || !(isShell || text.startsWith("!"))) return nothing;
  return inner({ kind: "line", text: text.replace(/^!/, ""), shell: "sh", via: "alias", sight: "never" });
}
