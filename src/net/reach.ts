import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { noToken } from "./client.js";
import { isLoopback } from "./dial.js";

/** Puts the library that has programs without proxy settings connect to the proxy into `folder`; undefined where there is none for this system. */
export function placeReach(build: string, folder: string): string | undefined {
  const source = join(build, "reach.so");
  if (!existsSync(source)) return undefined;
  const target = join(folder, "reach.so");
  copyFileSync(source, target);
  return target;
}

/** HOLDPOINT_REACH, as `shims/reach.c` reads it. `databases`: `host[:port][/database]`, as the manifests name them. */
export function reachSetting(
  port: number,
  secret: string,
  databases: readonly string[],
  token: string = noToken,
): string {
  const login = Buffer.from(`${secret}:${token}`).toString("base64");
  const far = new Set(usualPorts);
  const near = new Set<number>();
  for (const text of databases) {
    const [, bracketed, bare = "", digits = "5432"] =
      /^(?:\[([^\]]*)\]|([^:/]*))(?::(\d+))?(?:\/|$)/.exec(text) ?? [];
    const host = bracketed ?? bare;
    // `/name` is a database of that name wherever it lies, and here it need not be one of PostgreSQL.
    if (host === "") continue;
    (isLoopback(host.toLowerCase()) ? near : far).add(Number(digits));
  }
  return [port, login, [...far].join(","), [...near].join(",") || "0"].join(" ");
}

/** Of a program that connects to the proxy alone, whatever port it wants, and to no socket of PostgreSQL. */
export function confined(setting: string): string {
  return `${setting} only`;
}

/** HTTP, HTTPS, PostgreSQL, and the poolers of PostgreSQL that are for rent. */
const usualPorts = [80, 443, 5432, 6543];
