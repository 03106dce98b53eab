import { dirname, resolve } from "node:path";
import * as v from "valibot";
import type { OnlineReach } from "../../model/credential-audit.js";
import { parseYaml } from "../../model/yaml-text.js";
import type { Found } from "../scan.js";
import { type Answer, type Asking, ask, readJson } from "./ask.js";
import { alive, dead, failed, listed, unasked } from "./reach.js";
import type { Inquiry } from "./service.js";
import { readText, textOf } from "./whereabouts.js";

/**
 * What `kubectl auth can-i` asks, asked of the cluster itself: whether everything is allowed, else the rules of the context's namespace. Both
 * are reviews, which make nothing. kubectl is not used: a kubeconfig may name a program for it to run, and an agent can write one.
 */
export const kubernetes: Inquiry = async (one, { signal }) => {
  const access = accessOf(await textOf(one), one.value);
  if (typeof access === "string") return unasked(access);
  const { user, entry, cluster } = access;
  const { server } = cluster.cluster;
  if (cluster.cluster["insecure-skip-tls-verify"] === true)
    return unasked("its kubeconfig does not check whom it talks to");
  if (cluster.cluster["proxy-url"] !== undefined || !URL.canParse(server))
    return unasked("its kubeconfig leads through a proxy, or nowhere");
  const namespace = entry.context.namespace ?? "default";
  const asking = {
    ...credential(user.user),
    tls: { ...credential(user.user).tls, ...(await authority(cluster.cluster, one.file)) },
  };
  const review: Review = (kind, spec) =>
    ask(reviewUrl(server, kind), { ...asking, method: "POST", body: body(kind, spec) }, signal);
  return reachOf(review, user.name, cluster.name, namespace);
};

/** The address that a kubeconfig names for a credential of it. */
export async function serverFor(one: Found): Promise<string | undefined> {
  const access = accessOf(await textOf(one), one.value);
  return typeof access === "string" ? undefined : access.cluster.cluster.server;
}

interface Access {
  readonly user: Config["users"][number];
  readonly entry: Config["contexts"][number];
  readonly cluster: Config["clusters"][number];
}

/** `string`: why there is none. The current context goes before others of that user. */
function accessOf(content: string, value: string): Access | string {
  const config = readConfig(content);
  const user = config?.users.find(({ user }) =>
    [user.token, user["client-key-data"], user["client-certificate-data"]].includes(value),
  );
  if (config === undefined || user === undefined)
    return "no user of a kubeconfig, or one that gets its credential elsewhere";
  const contexts = config.contexts.filter(({ context }) => context.user === user.name);
  const entry = contexts.find(({ name }) => name === config["current-context"]) ?? contexts[0];
  const cluster = config.clusters.find(({ name }) => name === entry?.context.cluster);
  if (entry === undefined || cluster === undefined) return "no context of its kubeconfig uses it";
  return { user, entry, cluster };
}

type Review = (kind: "SelfSubjectAccessReview" | "SelfSubjectRulesReview", spec: unknown) => Promise<Answer>;

const text = v.optional(v.string());
const configSchema = v.object({
  "current-context": text,
  clusters: v.array(
    v.object({
      name: v.string(),
      cluster: v.object({
        server: v.string(),
        "certificate-authority-data": text,
        "certificate-authority": text,
        "insecure-skip-tls-verify": v.optional(v.boolean()),
        "tls-server-name": text,
        "proxy-url": text,
      }),
    }),
  ),
  contexts: v.array(
    v.object({
      name: v.string(),
      context: v.object({ cluster: v.string(), user: v.string(), namespace: text }),
    }),
  ),
  users: v.array(
    v.object({
      name: v.string(),
      user: v.object({ token: text, "client-key-data": text, "client-certificate-data": text }),
    }),
  ),
});
type Config = v.InferOutput<typeof configSchema>;

function readConfig(content: string): Config | undefined {
  try {
    const result = v.safeParse(configSchema, parseYaml(content));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function credential(user: Config["users"][number]["user"]): Pick<Asking, "headers" | "tls"> {
  const json = { "content-type": "application/json" };
  if (user.token !== undefined)
    return { headers: { ...json, authorization: `Bearer ${user.token}` }, tls: {} };
  const cert = unpacked(user["client-certificate-data"]);
  return { headers: json, tls: { cert, key: unpacked(user["client-key-data"]) } };
}

async function authority(
  cluster: Config["clusters"][number]["cluster"],
  file: string,
): Promise<Asking["tls"]> {
  const path = cluster["certificate-authority"];
  const ca =
    unpacked(cluster["certificate-authority-data"]) ??
    (path === undefined ? undefined : await readText(resolve(dirname(file), path)));
  return { ca, servername: cluster["tls-server-name"] };
}

function unpacked(data: string | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
}

function reviewUrl(server: string, kind: string): URL {
  return new URL(`${server.replace(/\/+$/, "")}/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`);
}

function body(kind: string, spec: unknown): string {
  return JSON.stringify({ apiVersion: "authorization.k8s.io/v1", kind, spec });
}

const accessSchema = v.object({ status: v.object({ allowed: v.boolean() }) });
const ruleSchema = v.object({
  verbs: v.array(v.string()),
  resources: v.optional(v.array(v.string()), []),
  apiGroups: v.optional(v.array(v.string()), []),
});
const rulesSchema = v.object({ status: v.object({ resourceRules: v.array(ruleSchema) }) });

async function reachOf(
  review: Review,
  user: string,
  cluster: string,
  namespace: string,
): Promise<OnlineReach> {
  const who = { account: user };
  const all = await review("SelfSubjectAccessReview", {
    resourceAttributes: { verb: "*", resource: "*", group: "*" },
  });
  if (all.kind === "silence") return failed(all.words);
  if (all.status === 401) return dead();
  const access = all.status < 300 ? readJson(accessSchema, all) : undefined;
  if (access === undefined)
    return failed(all.status === 403 ? "the cluster does not let it ask" : "its answer could not be read");
  if (access.status.allowed) return alive("account", `everything in cluster ${cluster}`, who);
  const answer = await review("SelfSubjectRulesReview", { namespace });
  const rules = readJson(rulesSchema, answer)?.status.resourceRules;
  if (rules === undefined)
    return alive("unknown", `user ${user} of cluster ${cluster}: what it may do was not told`, who);
  // Everybody may ask these.
  const own = rules.filter(
    ({ apiGroups }) => !apiGroups.every((group) => /^(?:authorization|authentication)\.k8s\.io$/.test(group)),
  );
  const writes = own.filter(({ verbs }) => verbs.some((verb) => !/^(?:get|list|watch)$/.test(verb)));
  const place = `namespace ${namespace} of cluster ${cluster}`;
  if (writes.length > 0) return alive("project", `${place}: ${listed(writes.map(ruleWords), "")}`, who);
  const readsSecrets = own.some(({ resources }) => resources.includes("secrets") || resources.includes("*"));
  return alive(
    "read",
    `${place}: only reads ${listed(
      own.flatMap(({ resources }) => resources),
      "nothing",
    )}${readsSecrets ? ", secrets too" : ""}`,
    who,
  );
}

function ruleWords({ verbs, resources }: v.InferOutput<typeof ruleSchema>): string {
  return `${listed(verbs, "")} ${listed(resources, "nothing", 3)}`;
}
