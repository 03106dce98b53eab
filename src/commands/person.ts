import { isBelowSession } from "../launcher/outer.js";
import { showUntrusted } from "../prompt/visible.js";
import { findDoor } from "./door.js";
import type { Places } from "./places.js";
import { findSessions } from "./sessions.js";
import type { Terminal } from "./terminal.js";

/**
 * Whether this may be for a person to say: undefined, or the status to end with. 126: from within a session, which `what` is
 * not said from; 2: nobody is at a terminal, and it was not `isSaid` on the command line either.
 */
export async function refuseOthers(
  what: string,
  places: Places,
  terminal: Terminal,
  isSaid = false,
): Promise<126 | 2 | undefined> {
  if (await isBelowSession(process.env)) {
    terminal.error(`denied: ${what} from within; run this in a terminal outside of every session`);
    return 126;
  }
  if (isSaid) return (await isOfSession(places, terminal)) ? 126 : undefined;
  if (!terminal.isTerminal || process.stdin.isTTY !== true) {
    terminal.error("this needs a person at a terminal, and there is none here; nothing was changed");
    return 2;
  }
  return (await isOfSession(places, terminal)) ? 126 : undefined;
}

/**
 * A parent's environment tells of a session, also where the variables were dropped on the way. A process that has left its
 * parents is found here, by looking where it comes from, seen from each session, as for one that would answer a question.
 */
async function isOfSession(places: Places, terminal: Terminal): Promise<boolean> {
  const door = findDoor(places);
  if (door === undefined) return false;
  const sessions = await findSessions(places);
  try {
    for (const link of sessions.all) {
      const standing = await link.stand(door);
      if (standing.ok || link.isClosed) continue;
      terminal.error(
        `denied, because of the running session ${link.session.id}: ${showUntrusted(standing.reason)}`,
      );
      return true;
    }
    return false;
  } finally {
    sessions.close();
  }
}
