import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { startChild } from "../launcher/child.js";
import { findManifests } from "./manifests.js";
import type { Places } from "./places.js";
import type { RunOptions } from "./run.js";
import { say } from "./say.js";
import { SessionLink } from "./session-link.js";
import { UsageError } from "./usage-error.js";

/** Inside another session: the command runs in that one. It may be made stricter, for what runs below, never looser. `shims`: that session's folder of them. */
export async function joinOuter(
  { command, launch, mode, reports, failOnDenied, scope, net, sandbox, quiet }: RunOptions,
  given: Readonly<Record<string, string | undefined>>,
  shims: string,
  places: Places,
): Promise<number> {
  // The outer session read its manifests when it began: to go on without this one would hold less than was asked for.
  if (scope !== undefined)
    throw new UsageError([
      "--scope: a session that runs takes no further manifest; end it, or start this from a terminal outside it",
    ]);
  if (net && !existsSync(join(dirname(shims), "net")))
    throw new UsageError([
      "--net: the session that runs has no network layer, and gets none later; end it, or start this from a terminal outside it",
    ]);
  if (sandbox && !existsSync(join(dirname(shims), "programs")))
    throw new UsageError([
      "--sandbox: the session that runs has none, and gets none later; end it, or start this from a terminal outside it",
    ]);
  if (reports.length > 0 || failOnDenied)
    say("inside another session: --report and --fail-on-denied are for that one to take");
  if (!quiet)
    for (const file of await unheldManifests(given, shims, places))
      say(
        `inside another session, which did not begin with ${file}: that manifest does not hold here (it does in a session that is started from a terminal outside)`,
      );
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) env[name] = value;
  if (mode === "deny") env["HOLDPOINT_MODE"] = "deny";
  const [program = "", ...args] = launch ?? command;
  return startChild({ command: program, args, env, cwd: process.cwd() }).exit;
}

/** Files of manifests that would hold for work begun here, and that the running session has not read as they are. */
async function unheldManifests(
  env: Readonly<Record<string, string | undefined>>,
  shims: string,
  places: Places,
): Promise<readonly string[]> {
  const found = await findManifests({ cwd: process.cwd(), env, named: undefined }, places);
  if (found.length === 0) return [];
  const link = await SessionLink.open(join(dirname(shims), "control"));
  const held = link?.session.scope ?? [];
  link?.close();
  return found
    .filter(
      ({ manifest, sha256 }) => !held.some((one) => one.file === manifest.file && one.sha256 === sha256),
    )
    .map(({ manifest }) => manifest.file);
}
