import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { isLoopback, parseUrl } from "../http/url.js";
import { optionOf, type Walk } from "./walk.js";

/** Which database a tool works on. `host` is "" where nothing says; with `:port` when that is not the engine's own. */
export interface DatabasePlace {
  readonly engine: string;
  readonly host: string;
  readonly database: string;
  /** The URL it goes by, as given. */
  readonly url: Arg | undefined;
}

/** By an option, a variable, or the `.env` of the folder that it runs in, in this order. */
export function placeOf(tree: ToolTree, walk: Walk, call: Call, world: World): DatabasePlace {
  const { options, variables } = tree.database;
  const url =
    optionOf(walk, ...options) ??
    variables.map((name) => wordOf(name, walk) ?? envGet(call.env, name)).find(isGiven) ??
    readDotenv(variables, call, world);
  if (url === undefined) return { engine: tree.engine, host: "", database: "", url };
  if (!isKnown(url)) return { engine: tree.engine, host: url.source, database: "", url };
  return { ...readUrl(url, tree.engine), url };
}

/**
 * Whether what it loses are the rows of tests alone: the tool was told so and no URL says otherwise, or a database of
 * this machine (or beside it in a compose file) is named so. A URL wins over the environment in all of these tools:
 * `RAILS_ENV=test DATABASE_URL=…/shop rails db:drop` drops the shop's.
 */
export function isForTests({ host, database, url, engine }: DatabasePlace, environment: string): boolean {
  if (url === undefined) return environment === "test";
  if (!isKnown(url)) return false;
  const isNear = engine === "sqlite" || isLoopback(host.replace(/:\d+$/, "")) || /^[\w-]+(:\d+)?$/.test(host);
  return isNear && (database === ":memory:" || /(^|[^a-z])(tests?|testing|e2e)([^a-z]|$)/i.test(database));
}

function isGiven(value: Arg | undefined): value is Arg {
  return value !== undefined && value !== "";
}

function wordOf(name: string, walk: Walk): Arg | undefined {
  const word = walk.words.find((one) => isKnown(one) && one.startsWith(`${name}=`));
  return word !== undefined && isKnown(word) ? word.slice(name.length + 1) : undefined;
}

function readDotenv(names: readonly string[], call: Call, world: World): string | undefined {
  if (names.length === 0) return undefined;
  const lines = readText(call, world, ".env")?.split("\n") ?? [];
  for (const name of names) {
    const line = lines.findLast((one) => one.replace(/^\s*(export\s+)?/, "").startsWith(`${name}=`));
    const value = line?.slice(line.indexOf("=") + 1).trim();
    if (value !== undefined && value !== "") return value.replace(/^(["'])(.*)\1.*$/s, "$2");
  }
  return undefined;
}

function readUrl(text: string, usual: string): Omit<DatabasePlace, "url"> {
  const plain = text.replace(/^jdbc:/, "");
  const file = /^(?:sqlite3?|file|libsql)(?:\+\w+)?:(?!\/\/[^/])(?:\/\/)?(.*)$/s.exec(plain)?.[1];
  if (file !== undefined)
    return { engine: "sqlite", host: "localhost", database: file.replace(/\?.*$/s, "") };
  const url = plain.includes("://") ? parseUrl(plain) : undefined;
  if (url === undefined) return { engine: usual, host: "", database: plain };
  const [scheme = ""] = url.scheme.split("+");
  const engine = engines.get(scheme) ?? usual;
  const port = url.port === "" || usualPorts.has(url.port) ? "" : `:${url.port}`;
  return { engine, host: `${url.host}${port}`, database: url.path.replace(/^\//, "") };
}

const engines: ReadonlyMap<string, string> = new Map([
  ["postgres", "postgres"],
  ["postgresql", "postgres"],
  ["pgx", "postgres"],
  ["pgx5", "postgres"],
  ["ecto", "postgres"],
  ["cockroachdb", "postgres"],
  ["mysql", "mysql"],
  ["mysql2", "mysql"],
  ["mariadb", "mysql"],
  ["mongodb", "mongodb"],
  ["sqlserver", "sqlserver"],
  ["mssql", "sqlserver"],
]);
const usualPorts: ReadonlySet<string> = new Set(["5432", "3306", "27017", "1433"]);
