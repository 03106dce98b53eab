import type { Places } from "./places.js";
import type { SessionLink } from "./session-link.js";
import { findSessions } from "./sessions.js";
import type { Terminal } from "./terminal.js";
import { visible } from "./waiting-list.js";

/** Ends a session: its command, and what that left running. 0; 1 when it cannot be; 2 when it is not said which. */
export async function endOne(id: string | undefined, places: Places, terminal: Terminal): Promise<number> {
  const sessions = await findSessions(places);
  try {
    const { all } = sessions;
    const chosen = id === undefined ? (all.length === 1 ? all[0] : undefined) : find(all, id);
    if (chosen === undefined) {
      terminal.error(
        all.length === 0
          ? "no session is running"
          : `${id === undefined ? "several sessions are running" : `no session "${id}" is running`}; to end one: holdpoint end ID (${all.map(name).join(", ")})`,
      );
      return id === undefined && all.length > 0 ? 2 : 1;
    }
    const reply = await chosen.ask({ do: "end" });
    if (reply?.is === "refused") {
      terminal.error(`session ${name(chosen)} is not ended from here: ${visible(reply.reason)}`);
      return 1;
    }
    await closed(chosen);
    terminal.print(`ended ${name(chosen)}`);
    return 0;
  } finally {
    sessions.close();
  }
}

function find(all: readonly SessionLink[], id: string): SessionLink | undefined {
  return all.find(({ session }) => session.id === id);
}

/** Once its broker has gone. */
async function closed(link: SessionLink): Promise<void> {
  while (!link.isClosed)
    await new Promise<void>((resolve) => {
      const off = link.onChange(() => {
        off();
        resolve();
      });
    });
}

function name({ session }: SessionLink): string {
  return `${session.id} (${visible(session.label)})`;
}
