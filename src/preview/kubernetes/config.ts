import { dirname, join } from "node:path/posix";
import * as v from "valibot";
import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { JudgedCall } from "../../model/judgement.js";
import type { World } from "../../model/world.js";
import { parseYaml as parse } from "../../model/yaml-text.js";
import { parseUrl } from "../../readers/http/url.js";
import { resolvePath } from "../../readers/path.js";
import type { PreviewInput } from "../previewer.js";
import { isFromBefore, isWithinReach, proxiesRefusal, proxyRefusal } from "../way.js";
import type { Aim } from "./words.js";

const text = v.optional(v.string());
const flag = v.optional(v.boolean());
const clusterSchema = v.object({
  server: v.string(),
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": flag,
  "tls-server-name": text,
  "proxy-url": text,
});
const plainUser = {
  token: text,
  tokenFile: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  username: text,
  password: text,
  as: text,
};
const userSchema = v.object({
  ...plainUser,
  exec: v.optional(v.unknown()),
  "auth-provider": v.optional(v.unknown()),
});
const contextSchema = v.object({ cluster: text, user: text, namespace: text });
const list = v.fallback(v.array(v.looseObject({ name: v.string() })), []);
const fileSchema = v.object({
  "current-context": v.fallback(text, undefined),
  clusters: v.optional(v.nullable(list)),
  users: v.optional(v.nullable(list)),
  contexts: v.optional(v.nullable(list)),
});

/**
 * The configuration that a look is made with: the one cluster and the one user that the call would use, as plain data. A
 * user whose keys a program makes (`exec`, `auth-provider`) is refused, wherever that is written: whoever may write a file
 * that such a program reads would have code of their own run before anybody has answered. Throws then.
 */
export async function writeConfig(
  aim: Aim,
  { call, env, world, recipients }: Pick<PreviewInput, "call" | "env" | "world" | "recipients">,
): Promise<string> {
  const files = filesOf(aim, call, env, world);
  const contextName =
    aim.context ??
    files.map(({ data }) => data["current-context"]).find((name) => name !== undefined && name !== "");
  if (contextName === undefined) throw new Error("no context is in use");
  const { path, entry } = pick(files, "contexts", contextName);
  const { context } = v.parse(v.object({ context: contextSchema }), entry);
  const clusterName = aim.cluster ?? context.cluster ?? "";
  const userName = aim.user ?? context.user;
  const cluster = pick(files, "clusters", clusterName);
  const { cluster: reached } = v.parse(v.object({ cluster: clusterSchema }), cluster.entry);
  const used = userName === undefined || userName === "" ? undefined : pick(files, "users", userName);
  const { user } = used === undefined ? { user: {} } : v.parse(v.object({ user: userSchema }), used.entry);
  if ("exec" in user || "auth-provider" in user)
    throw new Error(`the keys of user "${userName}" come from a program, which is not started for a look`);
  const isPair = userName === context.user && clusterName === context.cluster;
  const isOne = new Set([path, cluster.path, used?.path ?? cluster.path]).size === 1;
  // As they stood together in a file before the session; one from the workspace must not name the file of a token.
  const isTheirs =
    isPair &&
    isOne &&
    isFromBefore(path, world) &&
    !(isWithinReach(path, world) && user.tokenFile !== undefined);
  const { server, "proxy-url": proxy } = reached;
  if (!isTheirs) {
    const url = parseUrl(server, "https");
    if (url === undefined) throw new Error("its server is no address");
    const host = url.host.includes(":") ? `[${url.host}]` : url.host;
    const secrets = [
      user.token ?? user.password ?? user["client-key-data"] ?? user["client-key"] ?? user.tokenFile,
    ];
    const reason = await recipients.refusal({
      place: url.port === "" ? host : `${host}:${url.port}`,
      secrets: secrets.filter((one) => one !== undefined),
    });
    if (reason !== undefined) throw new Error(reason);
    const way = proxy === undefined ? undefined : await proxyRefusal(proxy, recipients);
    if (way !== undefined) throw new Error(way);
  }
  const way = await proxiesRefusal(env, recipients);
  if (way !== undefined) throw new Error(way);
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "look" },
    clusters: [{ name: "look", cluster: absolute(reached, cluster.path) }],
    users: [{ name: "look", user: absolute(user, used?.path ?? "/") }],
    contexts: [
      {
        name: "look",
        context: { cluster: "look", user: "look", namespace: aim.namespace ?? context.namespace },
      },
    ],
  });
}

interface File {
  readonly path: string;
  readonly data: v.InferOutput<typeof fileSchema>;
}

function filesOf(
  aim: Aim,
  call: JudgedCall,
  env: ReadonlyMap<string, string>,
  world: World,
): readonly File[] {
  const home = env.get("HOME") ?? world.user.home;
  const named = aim.kubeconfig !== undefined ? [aim.kubeconfig] : (env.get("KUBECONFIG") ?? "").split(":");
  const paths = named.filter((path) => path !== "");
  const files = (paths.length === 0 ? [`${home}/.kube/config`] : paths).flatMap((word): readonly File[] => {
    const path = resolvePath(call, world, word);
    if (path === undefined || !isKnown(path)) throw new Error("where its kubeconfig lies is not known");
    const content = world.readFile(path, 1 << 20);
    if (!content.ok) return [];
    const read = v.safeParse(fileSchema, parseYaml(decodeBytes(content.bytes)));
    if (!content.complete || !read.success) throw new Error(`"${path}" could not be read`);
    return [{ path, data: read.output }];
  });
  if (files.length === 0) throw new Error("there is no kubeconfig");
  return files;
}

function parseYaml(source: string): unknown {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

/** The first file that has one counts. */
function pick(files: readonly File[], kind: "clusters" | "users" | "contexts", name: string) {
  for (const { path, data } of files) {
    const entry = (data[kind] ?? []).find((one) => one.name === name);
    if (entry !== undefined) return { path, entry };
  }
  throw new Error(`its kubeconfig has no ${kind.slice(0, -1)} "${name}"`);
}

/** Paths in it are relative to the file that they stand in. */
function absolute(
  values: Readonly<Record<string, unknown>>,
  path: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) =>
      paths.has(key) && typeof value === "string" && !value.startsWith("/")
        ? [key, join(dirname(path), value)]
        : [key, value],
    ),
  );
}

const paths: ReadonlySet<string> = new Set([
  "certificate-authority",
  "client-certificate",
  "client-key",
  "tokenFile",
]);
