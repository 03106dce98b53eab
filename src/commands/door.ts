import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { ControlOptions } from "../broker/control-desk.js";
import type { DoorOptions } from "../launcher/peer.js";
import type { Places } from "./places.js";

/** How other terminals are let in. Undefined where it cannot be told who they are, so that none could ever answer. */
export function openDoor(places: Places): ControlOptions["identify"] | undefined {
  const door = findDoor(places);
  if (door === undefined) return undefined;
  return async (socket, needsTerminal) => {
    const { identify } = await import("../launcher/peer.js");
    return identify(socket, door, needsTerminal);
  };
}

/** What it takes to ask the kernel who is at the other end. */
export function findDoor({ packageRoot }: Places): DoorOptions | undefined {
  const program = join(packageRoot, "shims", "build", "peer");
  if (process.platform !== "linux" || !existsSync(program)) return undefined;
  return { program, script: realpathSync(process.argv[1] ?? "") };
}

export const noDoor: ControlOptions["identify"] = async () => ({
  ok: false,
  reason:
    process.platform === "linux"
      ? "holdpoint was built without a C compiler, and cannot tell who asks: install one, then holdpoint again"
      : "on this system holdpoint cannot tell who asks yet: answer on the session's own terminal",
});
