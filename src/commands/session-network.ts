import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SessionDirectory } from "../launcher/session-dir.js";
import type { Places } from "./places.js";
import type { SessionKnowledge } from "./session-knowledge.js";

/** Where the network layer puts its library; undefined where none was compiled. */
export function findReach({ packageRoot }: Places, { path }: SessionDirectory): string | undefined {
  return existsSync(join(packageRoot, "shims", "build", "reach.so"))
    ? join(path, "net", "reach.so")
    : undefined;
}

/** Loaded where it is wanted: certificates are most of it. */
export async function networkOf(
  { path: folder, rc }: SessionDirectory,
  { manifests, net: { untouched }, sandbox: { loopback } }: SessionKnowledge,
  { packageRoot }: Places,
  env: Readonly<Record<string, string | undefined>>,
  isInSandbox: boolean,
) {
  const { networkOpener } = await import("../net/net.js");
  const labels = manifests.flatMap(({ environments }) => environments.flatMap((one) => one.labels));
  const databases = labels.filter(
    ({ kind, engine = "postgres" }) => kind === "database" && engine === "postgres",
  );
  return networkOpener({
    ...{ folder, rc, env, untouched, build: join(packageRoot, "shims", "build") },
    databases: databases.map(({ value }) => value),
    ...(isInSandbox ? { sandbox: { loopback } } : {}),
  });
}
