import { isKnown } from "../../model/arg.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";

export interface Wanted {
  /** `host[:port]` */
  readonly place: string;
  readonly database: string;
  readonly user: string | undefined;
}

/** In PGPASSFILE or ~/.pgpass, `host:port:database:user:password`, `*` for any: the first that fits, and what the file is called. */
export function findPassword(
  { place, database, user }: Wanted,
  env: Env,
  world: World,
): { readonly password: string; readonly name: string } | undefined {
  const text = (name: string) => {
    const value = envGet(env, name);
    return value !== undefined && isKnown(value) && value !== "" ? value : undefined;
  };
  const home = text("HOME") ?? world.user.home;
  const path = text("PGPASSFILE") ?? `${home}/.pgpass`;
  // Most have none, and an error costs more than a look.
  if (!world.lstat(path).exists) return undefined;
  const content = world.readFile(path, 1 << 18);
  if (!content.ok) return undefined;
  const [host = "", port = "5432"] = place.split(":");
  const wanted = [host, port, database, user ?? ""];
  for (const line of new TextDecoder().decode(content.bytes).split(/\r?\n/)) {
    const fields = line.match(/(?:\\.|[^:\\])+/g) ?? [];
    const fits = wanted.every((value, index) => fields[index] === "*" || fields[index] === value);
    const password = fields[4];
    if (line.startsWith("#") || password === undefined || !fits) continue;
    return {
      password: password.replaceAll(/\\(.)/g, "$1"),
      name: path === `${home}/.pgpass` ? "~/.pgpass" : path,
    };
  }
  return undefined;
}
