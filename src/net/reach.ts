import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { loginOf, noToken } from "./client.js";
import { isLoopback } from "./dial.js";

/** Puts the library that has programs without proxy settings connect to the proxy into `folder`; undefined where there is none for this system. */
export function placeReach(build: string, folder: string): string | undefined {
  const source = join(build, "reach.so");
  if (!existsSync(source)) return undefined;
  const target = join(folder, "reach.so");
  copyFileSync(source, target);
  return target;
}

/** Ports on which connections are bent to the proxy: those of other machines, and of this one. */
export interface BentPorts {
  readonly far: ReadonlySet<number>;
  readonly near: ReadonlySet<number>;
}

/** `databases`: `host[:port][/database]`, as the manifests name them. */
export function bentPorts(databases: readonly string[]): BentPorts {
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
  return { far, near };
}

/**
 * HOLDPOINT_REACH, as `shims/reach.c` reads it. `isInside`: for a sandbox whose one way out is the proxy: all that leads to other
 * machines is bent.
 */
export function reachSetting(
  port: number,
  secret: string,
  { far, near }: BentPorts,
  isInside: boolean,
  token: string = noToken,
): string {
  const ports = [[...far].join(","), [...near].join(",") || "0"];
  return [port, loginOf(secret, token), ...ports, ...(isInside ? ["inside"] : [])].join(" ");
}

/** Of a program that connects to the proxy alone, whatever port it wants, and to no socket of PostgreSQL. */
export function confined(setting: string): string {
  return `${setting} only`;
}

/** HTTP, HTTPS, PostgreSQL, and the poolers of PostgreSQL that are for rent. */
const usualPorts = [80, 443, 5432, 6543];
