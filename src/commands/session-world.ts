import type { Mode } from "../broker/decision.js";
import { absolutePath } from "../broker/program.js";
import { Links } from "../launcher/links.js";
import type { SessionDirectory } from "../launcher/session-dir.js";
import type { World } from "../model/world.js";
import type { SessionProvenance } from "../provenance/provenance.js";
import { openTrash, type SessionTrash } from "../trash/trash.js";
import { openPrograms } from "../world/program.js";
import type { Sight } from "../world/view.js";
import { openWorld } from "../world/world.js";
import { guardPaths } from "./guard-paths.js";
import { awsTable, type Places } from "./places.js";
import type { SessionKnowledge } from "./session-knowledge.js";

export interface SessionWorldOptions {
  readonly directory: SessionDirectory;
  readonly knowledge: SessionKnowledge;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly mode: Mode;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly workspace: string;
  readonly salt: string;
  readonly provenance: SessionProvenance;
  /** The library that has programs connect to the network layer; undefined where there is none. */
  readonly reach: string | undefined;
  /** How the processes of the session's sandbox see its files; undefined: there is none. */
  readonly sight: Sight | undefined;
}

/** What a session's judge looks at, and the names that lead to it. */
export interface SessionWorld {
  readonly world: World;
  /** Where something is kept for undo: the trash, and the world as it is without one. */
  readonly undo: { readonly trash: SessionTrash; readonly worldWithout: World } | undefined;
  readonly links: Links;
  /** When they are all there. */
  readonly linked: Promise<void>;
  /** PATH as it was when the session started. */
  readonly startPath: string;
  /** The program that a name stood for then. */
  readonly findReal: (name: string) => string | undefined;
}

export function openSessionWorld(options: SessionWorldOptions): SessionWorld {
  const { directory, knowledge, places, env, cwd, startedAt, workspace, salt, provenance } = options;
  const { bin } = directory;
  const startPath = env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const { sight } = options;
  const links = new Links(bin, directory.shim, knowledge.shimmed, sight?.outside);
  const linked = linkAll(links, directory, absolutePath(startPath, cwd));
  const programs = openPrograms(bin, links.has.bind(links));
  const findReal = (name: string) => programs.findProgram(name, startPath);
  const plain = openWorld({
    startedAt,
    workspace,
    guardPaths: [...guardPaths(places), ...knowledge.files, directory.path],
    home: places.home,
    uid: process.getuid?.() ?? 0,
    tmpdir: env["TMPDIR"],
    shimDirectory: bin,
    shimmed: links.has.bind(links),
    salt,
    gitProgram: findReal("git"),
    awsTable: awsTable(places),
    // What the session's first moments do to a file without a call that is seen makes it one that is asked about, no more.
    onChanges: (look) => {
      knowledge.judge.first = look;
    },
    provenance: provenance.view,
    ...(sight === undefined ? {} : { sight }),
  });
  const { reach } = options;
  const worldWithout = reach === undefined ? plain : { ...plain, session: { ...plain.session, reach } };
  const trash = openSessionTrash(worldWithout, options);
  const world = trash === undefined ? worldWithout : { ...worldWithout, trash: trash.view };
  const undo = trash === undefined ? undefined : { trash, worldWithout };
  return { world, undo, links, linked, startPath, findReal };
}

/** Rejects where the directory is full, or gone. */
async function linkAll(links: Links, { steward }: SessionDirectory, path: string): Promise<void> {
  if (steward === undefined) links.note(path);
  else await links.noteBy(steward, path);
}

/** Where a session only observes, all happens as it would without it. */
function openSessionTrash(
  { session: { workspace }, user: { uid } }: World,
  { knowledge: { trash }, mode, directory, places: { state }, sight }: SessionWorldOptions,
): SessionTrash | undefined {
  if (trash === undefined || mode === "observe") return undefined;
  return openTrash({
    ...{ state, workspace, uid, session: directory.id },
    ...{ max: trash.max, isApart: sight !== undefined },
  });
}
