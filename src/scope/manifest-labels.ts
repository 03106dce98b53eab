import * as v from "valibot";
import type { ScopeLabel } from "../model/scope.js";
import { globText } from "./manifest-globs.js";
import { listOf, section, shaped } from "./manifest-text.js";

// What belongs to an environment, kind by kind. A word that cannot fit anything is an error: a label that never matches
// would leave what it names without its environment.

const port = "(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
const address = "\\[[0-9A-Fa-f:.]+\\]";
const nameGlob = "[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_*])?";

const host = shaped(
  new RegExp(`^(?!.*\\*\\*)(?:(?:${address}|${nameGlob})(?::${port})?|[0-9A-Fa-f]*(?::[0-9A-Fa-f.]*){2,})$`),
  (text) =>
    netFault(text) ?? "must be a host, like api.example.com, *.example.com, 10.1.* or db.example.com:5432",
);
const database = shaped(
  new RegExp(`^(?=.)(?:(?:${address}|${nameGlob})(?::${port})?)?(?:/[^\\s/?#@]+)?$`),
  (text) =>
    netFault(text, "/app") ??
    "must be a server and a database, like db.example.com:5432/app, or one of them: db.example.com, /app",
);

/** Says nothing of what was written: it may hold a password. */
function netFault(text: string, rest = ""): string | undefined {
  if (text.includes("://")) return `must be a name without a scheme, like db.example.com${rest}`;
  if (text.includes("@")) return "must be without a user and a password";
  if (rest === "" && text.includes("/")) return "must be a host without a path";
  const [, digits] = /^[^:]*:(\d+)(?:\/|$)/.exec(text) ?? [];
  if (digits !== undefined && !new RegExp(`^${port}$`).test(digits))
    return "must have a port from 1 to 65535";
  return undefined;
}

/** Compared as it is written. */
const exact = shaped(/^[^*]+$/, 'is compared as it is written: "*" would never fit');
const account = shaped(/^\d{12}$/, "must be twelve digits, in quotes");
const sshHost = shaped(/^(?!-)(?![^:]*:\d+$)[^\s@/?]+$/, (text) =>
  text.includes("@")
    ? "must be a host without its user"
    : "must be a host as ssh is given it: no scheme, no port",
);
const remote = shaped(/^(?!\S*:\/\/[^/]*:[^/]*@)\S+$/, (text) =>
  /\s/.test(text) ? "must be a remote's name or URL" : "must be without a password",
);
const branch = shaped(/^(?!refs\/heads\/)(?!.*\.\.)(?![/-])[^\s~^:\\[\]]+$/, (text) =>
  text.startsWith("refs/heads/")
    ? "must be a branch without refs/heads/"
    : "must be a branch, like main or feature/*",
);

/** The keys of an environment that say what belongs to it. */
export const labelEntries = {
  hosts: v.optional(
    listOf(
      host,
      "Hosts; `*` reaches across dots, a port may follow: `*.staging.example.com`, `10.1.*`, `db.example.com:5432`.",
    ),
  ),
  railway: v.optional(listOf(exact, "Ids or names of Railway projects and environments.")),
  aws: v.optional(
    group("The AWS CLI's profiles, and accounts.", {
      profiles: v.optional(listOf(exact, "Names of profiles in ~/.aws/config.")),
      accounts: v.optional(listOf(account, "Account ids: twelve digits, in quotes.")),
    }),
  ),
  kubernetes: v.optional(
    group("Kubernetes clusters.", { contexts: v.optional(listOf(exact, "Contexts of the kubeconfig.")) }),
  ),
  databases: v.optional(
    listOf(database, "Databases of any engine: `host[:port][/database]` or `/database`."),
  ),
  postgres: v.optional(listOf(database, "Databases of PostgreSQL: `host[:port][/database]` or `/database`.")),
  mysql: v.optional(
    listOf(database, "Databases of MySQL or MariaDB: `host[:port][/database]` or `/database`."),
  ),
  redis: v.optional(listOf(database, "Databases of Redis: `host[:port][/database]` or `/database`.")),
  mongodb: v.optional(listOf(database, "Databases of MongoDB: `host[:port][/database]` or `/database`.")),
  git: v.optional(
    group("What of git belongs here; without branches, all of a remote, without remotes, a branch of any.", {
      remotes: v.optional(listOf(remote, "Names or URLs of remotes (globs).")),
      branches: v.optional(listOf(branch, "Names of branches (globs): `main`, `feature/*`.")),
    }),
  ),
  ssh: v.optional(listOf(sshHost, "Hosts as ssh is given them, or as its configuration calls them.")),
  files: v.optional(
    listOf(globText, "Files on this machine that belong here (globs), as `config/production/**`."),
  ),
  ids: v.optional(listOf(exact, "Other ids that a target, a project or an environment may be called by.")),
};

function group<E extends v.ObjectEntries>(description: string, entries: E) {
  return v.pipe(
    section(entries),
    v.minEntries(1, `is empty: name ${Object.keys(entries).join(" or ")}`),
    v.description(description),
  );
}

const labelsSchema = v.object(labelEntries);
export type RawLabels = v.InferOutput<typeof labelsSchema>;

export interface PlacedLabel {
  /** Below the environment: where it stands in the file. */
  readonly path: readonly (string | number)[];
  readonly label: ScopeLabel;
}

/** All labels of an environment but its files, in the order of the keys above. */
export function plainLabels(raw: RawLabels): readonly PlacedLabel[] {
  const of = (
    path: readonly string[],
    kind: ScopeLabel["kind"],
    values: readonly string[] = [],
    engine?: string,
  ): readonly PlacedLabel[] =>
    values.map((value, at) => ({
      path: [...path, at],
      label: engine === undefined ? { kind, value } : { kind, value, engine },
    }));
  return [
    ...of(["hosts"], "host", raw.hosts),
    ...of(["railway"], "railway", raw.railway),
    ...of(["aws", "profiles"], "aws-profile", raw.aws?.profiles),
    ...of(["aws", "accounts"], "aws-account", raw.aws?.accounts),
    ...of(["kubernetes", "contexts"], "kube-context", raw.kubernetes?.contexts),
    ...of(["databases"], "database", raw.databases),
    ...of(["postgres"], "database", raw.postgres, "postgres"),
    ...of(["mysql"], "database", raw.mysql, "mysql"),
    ...of(["redis"], "database", raw.redis, "redis"),
    ...of(["mongodb"], "database", raw.mongodb, "mongodb"),
    ...of(["git", "remotes"], "git-remote", raw.git?.remotes),
    ...of(["git", "branches"], "git-branch", raw.git?.branches),
    ...of(["ssh"], "ssh", raw.ssh),
    ...of(["ids"], "id", raw.ids),
  ];
}
