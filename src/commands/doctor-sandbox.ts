import type { Check } from "./doctor-system.js";
import type { Places } from "./places.js";
import { sandboxObstacle } from "./sandbox-obstacle.js";

/** Whether `--sandbox` would come up here: namespaces and overlays are tried out. */
export async function checkSandbox(places: Places): Promise<Check> {
  const name = "sandbox";
  if (process.env["HOLDPOINT_SANDBOX"] === "1")
    return {
      name,
      status: "ok",
      detail: "this runs in the sandbox of a session: most files are read-only here",
    };
  const obstacle = await sandboxObstacle(places, process.env);
  if (obstacle !== undefined)
    return {
      ...{ name, status: "note", detail: `--sandbox cannot be had: ${obstacle.reason}` },
      remedy: obstacle.remedy,
    };
  const detail =
    "--sandbox gives a command only the scope's files, and no way past the shims; docs/sandbox.md says what it closes";
  return { name, status: "ok", detail };
}
