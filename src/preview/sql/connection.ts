import { type Arg, isKnown } from "../../model/arg.js";
import { envGet } from "../../model/env.js";
import { showHost } from "../../readers/postgres/psql-connection.js";
import { findPassword } from "../../readers/postgres/psql-passfile.js";
import {
  parseConnection,
  readSettings,
  type Target,
  variables,
} from "../../readers/postgres/psql-settings.js";
import type { PreviewInput } from "../previewer.js";

/** How psql is told where to go and as whom: by these variables alone. */
export type Connection = Readonly<Record<string, string>>;

/**
 * The call's own server, database and role; or why it is not gone to. What libpq would make of the call's options, its service file
 * and its variables is worked out here and handed over as that, so that the server that was looked at is the one that is gone to.
 */
export async function connectionOf(
  target: Target,
  input: Pick<PreviewInput, "call" | "env" | "world" | "recipients">,
): Promise<Connection | { readonly reason: string }> {
  const { call, env, world, recipients } = input;
  const words = [target.dbname, target.host, target.port, target.user, target.cluster];
  if ([...words, ...placing.map((name) => envGet(call.env, name))].some(isOpen))
    return { reason: "which server it reaches is known only when it runs" };
  const file = parseConnection(text(target.dbname))?.get("servicefile") ?? env.get("PGSERVICEFILE");
  if (file?.startsWith("/") === false) return { reason: "its service file is not named by an absolute path" };
  const { values: stated, service } = readSettings(target, call.env, world);
  if (service !== undefined && service.file === undefined)
    return { reason: `no service "${service.name}" is in the files that are read for it` };
  const values = new Map(stated);
  if (values.get("ssl") === "true") values.set("sslmode", "require");
  const strange = [...values.keys()].find((key) => !variables.has(key) && !idle.test(key));
  if (strange !== undefined) return { reason: `its connection setting "${strange}" is not followed` };
  // `engine:key` has OpenSSL load a module for it.
  if (values.get("sslkey")?.includes(":") === true) return { reason: "its sslkey names a module to load" };
  const options = values.get("options");
  if (options !== undefined && !isPlainOptions(options))
    return { reason: `its connection options are not passed on: ${options}` };
  const hosts = hostsOf(values);
  const found = hosts.length === 1 ? findPassword(wanted(values), call.env, world) : undefined;
  const password = values.get("password") || found?.password;
  for (const place of hosts) {
    const reason = await recipients.refusal({ place, secrets: password === undefined ? [] : [password] });
    if (reason !== undefined) return { reason };
  }
  const home = values.get("host") === undefined ? wrapperHome(target, input) : {};
  if ("reason" in home) return { reason: home.reason };
  const settings = [...values].flatMap(([key, value]) => {
    const name = variables.get(key);
    return name === undefined
      ? []
      : [[name, key === "host" ? value.replaceAll(/[[\]]/g, "") : value] as const];
  });
  const ticket = env.get("KRB5CCNAME");
  return {
    ...Object.fromEntries(settings),
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...(ticket === undefined ? {} : { KRB5CCNAME: ticket }),
    ...home,
    // What is looked at is what is sent: no other password of the file's.
    PGPASSFILE: "/nonexistent/pgpass",
    PGAPPNAME: "holdpoint preview",
    PGCONNECT_TIMEOUT: "2",
    PGCLIENTENCODING: "UTF8",
    LC_ALL: "C.UTF-8",
  };
}

const placing: readonly string[] = [
  ...variables.values(),
  ...["PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGCLUSTER"],
];

/** They change nothing of where it goes, as whom, and what it runs there. */
const idle =
  /^(application_name|fallback_application_name|connect_timeout|client_encoding|keepalives\w*|tcp_user_timeout|service|servicefile|ssl)$/;

function text(word: Arg | undefined): string {
  return word !== undefined && isKnown(word) ? word : "";
}

function isOpen(word: Arg | undefined): boolean {
  return word !== undefined && !isKnown(word);
}

/** As effects name them; "" is the socket of this machine. */
function hostsOf(values: ReadonlyMap<string, string>): readonly string[] {
  const [names, addresses, ports] = ["host", "hostaddr", "port"].map((key) =>
    (values.get(key) ?? "").split(","),
  );
  return Array.from({ length: Math.max(names?.length ?? 1, addresses?.length ?? 1) }, (_, at) => {
    const host = addresses?.[at] || names?.[at] || "";
    const port = ports?.[at] ?? ports?.[0] ?? "";
    if (host === "" || /^[/@]/.test(host)) return "";
    const own = port === "" || port === "5432" ? "" : `:${port}`;
    return host.includes(":") && !host.startsWith("[") && own !== "" ? `[${host}]${own}` : `${host}${own}`;
  });
}

function wanted(values: ReadonlyMap<string, string>) {
  const user = values.get("user");
  return {
    place: showHost(values.get("host") || values.get("hostaddr"), values.get("port")),
    database: values.get("dbname") ?? user ?? "",
    user,
  };
}

/** Without a host, Debian's wrapper around psql chooses one: by a cluster's name, or by a file at home, which is not read for a look. */
function wrapperHome(
  { cluster }: Target,
  { env, world }: Pick<PreviewInput, "env" | "world">,
): Connection | { readonly reason: string } {
  const name = (typeof cluster === "string" ? cluster : undefined) ?? env.get("PGCLUSTER");
  if (name !== undefined && !/^[\d.]+\/[\w.-]+$/.test(name))
    return { reason: `which server "${name}" is cannot be told` };
  if (world.lstat(`${env.get("HOME") ?? world.user.home}/.postgresqlrc`).exists)
    return { reason: "~/.postgresqlrc chooses its server" };
  return { HOME: "/nonexistent", ...(name === undefined ? {} : { PGCLUSTER: name }) };
}

/** Settings that choose what is meant, and none that has the server load or run something: `-c session_preload_libraries=…`. */
function isPlainOptions(options: string): boolean {
  const words = options.replaceAll(/\\ /g, "_").trim().replaceAll(/-c\s+/g, "-c").split(/\s+/);
  return words.every((word) => word === "" || plainOption.test(word));
}

const plainOption =
  /^(-c|--)(search[-_]path|role|statement[-_]timeout|lock[-_]timeout|idle[-_]in[-_]transaction[-_]session[-_]timeout|application[-_]name|timezone|datestyle|client[-_]encoding|default[-_]transaction[-_]read[-_]only|app\.\w+)=[^\s]*$|^(endpoint|project)=[\w-]+$/i;
