import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "./doctor-system.js";
import type { Places } from "./places.js";

/** Whether `--net` would come up here, and what it is not: a certificate is made and a proxy listens for a moment. */
export async function checkNetwork(places: Places): Promise<Check> {
  const name = "network layer";
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-doctor-"));
  try {
    const { networkOpener } = await import("../net/net.js");
    const open = await networkOpener({
      ...{ folder, rc: folder, build: join(places.packageRoot, "shims", "build") },
      ...{ env: process.env, untouched: [], databases: [] },
    });
    const refused = { allowed: false, message: "only tried" } as const;
    const network = await open({
      request: async () => refused,
      sql: async () => refused,
      tunnel: async () => refused,
    });
    await network.close();
    const detail = "--net judges what clients send by the environment's proxy; docs/net.md says which do not";
    return { name, status: "ok", detail };
  } catch (cause) {
    const detail = `--net cannot be had: ${cause instanceof Error ? cause.message : cause}`;
    return { name, status: "note", detail, remedy: "run without it; docs/net.md says what it needs" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
