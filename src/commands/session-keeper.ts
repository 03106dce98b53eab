import { join } from "node:path";
import type { Broker } from "../broker/broker.js";
import type { Links } from "../launcher/links.js";
import { watchParts } from "../launcher/lost-parts.js";
import type { Place, SessionDirectory } from "../launcher/session-dir.js";
import { removeStale } from "../launcher/stale.js";
import { keepPackageTexts } from "../world/kept-text.js";
import { awsTable, type Places } from "./places.js";

export interface SessionKeeperOptions {
  readonly directory: SessionDirectory;
  /** Where session directories may lie. */
  readonly folders: readonly Place[];
  readonly links: Links;
  readonly broker: Broker;
  readonly places: Places;
  readonly writeStart: () => void;
  /** An alert in the log. */
  readonly note: (reason: string) => void;
  readonly say?: (line: string) => void;
  /** Ends the command. */
  readonly stop: () => void;
}

/** What keeps a session whole that runs for long, while files around it go. Returns how to stop. */
export function keepSession(options: SessionKeeperOptions): () => void {
  const { directory, folders, links, broker, places, writeStart, note, say, stop } = options;
  const tell = (reason: string) => {
    note(reason);
    say?.(reason);
  };
  const unwatch = watchParts({
    ...{ directory, links, writeStart },
    rcSource: join(places.packageRoot, "shims", "rc"),
    listen: () => broker.listenAgain(),
    onLost: (parts, failure) => {
      const lost = `removed from outside while the session runs: ${parts.slice(0, 5).join(", ")}${parts.length > 5 ? ` and ${parts.length - 5} more` : ""}`;
      const isOpen = parts.some((part) => part.startsWith("bin"));
      const meanwhile = isOpen
        ? "but what ran meanwhile may have passed the guard"
        : "and denied what came meanwhile";
      if (failure === undefined) tell(`${lost}; put back, ${meanwhile}`);
      else {
        tell(`${lost}; it cannot be put back (${failure}), so the command is ended`);
        stop();
      }
    },
  });
  const later = setTimeout(() => {
    keepPackage(places).catch(() => {});
    removeStale(folders).catch(() => {});
  }, patience);
  later.unref();
  return () => {
    clearTimeout(later);
    unwatch();
  };
}

/** An upgrade replaces or removes the package's files. */
async function keepPackage(places: Places): Promise<void> {
  await keepPackageTexts([awsTable(places)]);
  const kept = await import("./kept-package.js");
  await kept.keepPackage(places);
}

/** A short session needs none of it. */
const patience = 2000;
