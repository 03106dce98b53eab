import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Found } from "../scan.js";

/**
 * The hosts that a credential's file ties it to: in its own line (`//npm.example.com/:_authToken=…`, `https://me:…@git.example.com`), the
 * `machine` of a netrc, the host above it in gh's and glab's files. A token of somebody's own GitLab is not shown to gitlab.com.
 */
export async function hostsBeside(one: Found): Promise<readonly string[]> {
  const lines = (await textOf(one)).split("\n");
  const line = (lines[one.line - 1] ?? "").replace(/\s#\s.*$/, "");
  // Longer ones are whole documents in a line, where nothing stands beside anything.
  const inLine =
    line.length > 2_000 ? [] : [...line.matchAll(inLinePattern)].flatMap(([, host]) => host ?? []);
  const above = lines.slice(Math.max(0, one.line - 12), one.line).reverse();
  const heading = isHostsFile(one.file) ? ymlHeading : machine;
  const [nearest] = above.flatMap((text) => heading.exec(text)?.[1] ?? []);
  return [...inLine, ...(nearest === undefined ? [] : [nearest])].map((host) => host.toLowerCase());
}

/** Of gh and glab: a host, and indented below it what is for it. In other files a heading with a dot is no host. */
function isHostsFile(file: string): boolean {
  return /\/(?:hosts\.yml|glab-cli\/config\.yml)$/.test(file);
}

/** Whether one of these is of the service's own: `npm.pkg.github.com` is as good as `api.github.com`. */
export function isAmong(hosts: readonly string[], service: string): boolean {
  return hosts.some((host) => siteOf(host) === siteOf(service));
}

function siteOf(host: string): string {
  return host.split(".").slice(-2).join(".");
}

/** Of the file that it was found in; empty where there is none. */
export async function textOf({ file }: Found): Promise<string> {
  return file.startsWith("/") ? await readText(file) : "";
}

/** Of a file of a credential's size; empty where it is none. A pipe that lies there by now, and nobody writes to, is not waited for. */
export async function readText(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= 1024 * 1024 ? await handle.readFile("utf8") : "";
  } catch {
    return "";
  } finally {
    await handle.close();
  }
}

const host = String.raw`((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost)(?![\w.-])`;
const inLinePattern = new RegExp(String.raw`(?:\/\/(?:[^\s/@"']*@)?|\bmachine\s+)${host}`, "gi");
const machine = new RegExp(String.raw`\bmachine\s+${host}`, "i");
const ymlHeading = new RegExp(String.raw`^\s*"?${host}"?:\s*$`, "i");
