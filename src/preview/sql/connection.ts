import { type Arg, isKnown } from "../../model/arg.js";
import { parseConnection, type Target } from "../../readers/postgres/psql-connection.js";
import type { PreviewInput } from "../previewer.js";

/** How psql is told where to go: as the call is. */
export interface Arguments {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The call's own server, database and role; or why it is not gone to. */
export function connectionOf(
  target: Target,
  { env, world }: Pick<PreviewInput, "env" | "world">,
): Arguments | { readonly reason: string } {
  const words = [target.dbname, target.host, target.port, target.user];
  if (words.some((word) => word !== undefined && !isKnown(word)))
    return { reason: "which server it reaches is known only when it runs" };
  const given = parseConnection(text(target.dbname));
  const hasService = given?.has("service") === true || env.has("PGSERVICE");
  // What cannot be looked into here could name a module all the same.
  if (
    hasService &&
    (given?.has("servicefile") === true || env.get("PGSERVICEFILE")?.startsWith("/") === false)
  )
    return { reason: "its service file is not named by an absolute path" };
  const settings = [
    ...[given?.get("sslkey"), env.get("PGSSLKEY")].map((value) => ["sslkey", value] as const),
    ...[given?.get("options"), env.get("PGOPTIONS")].map((value) => ["options", value] as const),
    ...(hasService ? serviceSettings(env, world) : []),
  ];
  for (const [name, value] of settings) {
    // `engine:key` has OpenSSL load a module for it.
    if (name === "sslkey" && value?.includes(":") === true)
      return { reason: "its sslkey names a module to load" };
    if (name === "options" && value !== undefined && !isPlainOptions(value))
      return { reason: `its connection options are not passed on: ${value}` };
  }
  return {
    args: [
      ...option("-d", target.dbname),
      ...option("-h", target.host),
      ...option("-p", target.port),
      ...option("-U", target.user),
    ],
    env: {
      PGAPPNAME: "holdpoint preview",
      PGCONNECT_TIMEOUT: "2",
      PGCLIENTENCODING: "UTF8",
      LC_ALL: "C.UTF-8",
    },
  };
}

function option(name: string, word: Arg | undefined): readonly string[] {
  const value = text(word);
  return value === "" ? [] : [name, value];
}

function text(word: Arg | undefined): string {
  return word !== undefined && isKnown(word) ? word : "";
}

/** Settings that choose what is meant, and none that has the server load or run something: `-c session_preload_libraries=…`. */
function isPlainOptions(options: string): boolean {
  const words = options.replaceAll(/\\ /g, "_").trim().replaceAll(/-c\s+/g, "-c").split(/\s+/);
  return words.every((word) => word === "" || plainOption.test(word));
}

const plainOption =
  /^(-c|--)(search[-_]path|role|statement[-_]timeout|lock[-_]timeout|idle[-_]in[-_]transaction[-_]session[-_]timeout|application[-_]name|timezone|datestyle|client[-_]encoding|default[-_]transaction[-_]read[-_]only|app\.\w+)=[^\s]*$|^(endpoint|project)=[\w-]+$/i;

/** What a service file sets of that: `sslkey`, `options`. */
function serviceSettings(
  env: ReadonlyMap<string, string>,
  world: PreviewInput["world"],
): readonly (readonly [string, string])[] {
  const home = env.get("HOME") ?? world.user.home;
  const files = [
    env.get("PGSERVICEFILE") ?? `${home}/.pg_service.conf`,
    `${env.get("PGSYSCONFDIR") ?? "/etc/postgresql-common"}/pg_service.conf`,
  ];
  return files.flatMap((file) => {
    const content = world.readFile(file, 1 << 20);
    if (!content.ok) return [];
    const lines = new TextDecoder().decode(content.bytes).split(/\r?\n/);
    return lines.flatMap((line) => {
      const [, name, value] = /^\s*(sslkey|options)\s*=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
    });
  });
}
