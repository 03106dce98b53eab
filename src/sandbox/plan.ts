import { extname } from "node:path/posix";
import { isWithin } from "../scope/globs.js";
import { type AgentPlaces, findAgent } from "./agent-places.js";
import { findCaches } from "./cache-places.js";
import { findGit, type GitPlaces } from "./git-places.js";
import { findGround } from "./ground.js";
import { findHidden, type Hidden } from "./hidden.js";
import { compileScopes, type PlanInput, placeOf } from "./input.js";
import { socketsInSight } from "./live-sockets.js";
import { isFolder, kindOf } from "./look.js";
import { type Mount, nearest, orderMounts, type Place } from "./mounts.js";
import { type Scratch, splitScratches } from "./scratches.js";
import { findSecrets, findUndeclared } from "./secrets.js";
import { findServices } from "./services.js";
import { TooMuch, Walk } from "./walk.js";
import { findWritable } from "./writable.js";

/** How a command inside sees the machine. */
export interface SandboxPlan {
  /** In order: later ones lie over earlier ones. */
  readonly mounts: readonly Mount[];
  /** Folders of guarded programs, their shims uppermost: filled in by who knows where these lie. */
  readonly overlays: readonly { readonly target: string; readonly lowers: readonly string[] }[];
  /** Caches that get an upper layer of the session's own: nothing else is mounted in them. */
  readonly scratches: readonly Scratch[];
  /** Sockets of others, to be shut as long as they are there. */
  readonly shut: readonly string[];
  /** Variables to take away. */
  readonly unset: readonly string[];
  /** Variables to set. */
  readonly set: Readonly<Record<string, string>>;
  /** Missing folders to be made outside before the start, with those around them: a mount needs something to lie on. */
  readonly make: readonly string[];
  /** Missing files likewise, with their text. */
  readonly makeFiles: readonly { readonly path: string; readonly text: string }[];
  /** What a user should know at the start. */
  readonly notes: readonly string[];
  /** The real path of the folder that the command starts in. */
  readonly cwd: string;
}

/** What is mounted how, so that a command sees what the manifests and the user's config say. */
export function planSandbox(given: PlanInput): SandboxPlan | { readonly refused: string } {
  const { look } = given;
  try {
    return plan({ ...given, cwd: look.realpath(given.cwd), workspace: look.realpath(given.workspace) });
  } catch (error) {
    // A glob that would take for ever throws as well (model/glob.ts).
    if (error instanceof TooMuch || (error instanceof Error && error.message.startsWith("the glob ")))
      return { refused: error.message };
    throw error;
  }
}

function plan(input: PlanInput): SandboxPlan | { readonly refused: string } {
  const { setting, look, cwd } = input;
  const scopes = compileScopes(input);
  const walk = new Walk(look);
  const agent = findAgent(input);
  const services = findServices(input);
  const writable = findWritable(input, scopes, walk);
  const caches = findCaches(input);
  const named = setting.write.map((path) => placeOf(path, input));
  const write = [
    ...writable.paths,
    ...agent.write,
    ...named,
    ...(setting.caches === "shared" ? caches.paths : []),
  ];
  const git = findGit(input, write);
  const hidden = findHidden(input, scopes, walk, {
    secrets: [...findSecrets(input, [...agent.write, ...services.open]), ...findUndeclared(input, walk)],
    services: services.closed,
  });
  if ("refused" in hidden) return hidden;
  // What nobody inside can make need not be made before.
  const opened = [...write, ...git.folders];
  const isOpen = (path: string) => opened.some((one) => isWithin(path, one));
  const make = [...writable.make, ...agent.make, ...caches.make, ...git.make.filter(isOpen)];
  const makeFiles = [...agent.makeFiles, ...git.makeFiles.filter(isOpen)];
  const made = [...make, ...makeFiles];
  const places = joinPlaces(input, { write, make: made, git, agent, named, hidden });
  const mounts = orderMounts([...findGround(input), ...services.shown, ...places]);
  const scratched = setting.caches === "private" ? caches.paths : [];
  const { scratches, parted } = splitScratches(scratched, mounts, guardedPlaces(input), look);
  return {
    mounts,
    overlays: [],
    scratches,
    shut: socketsInSight(input, mounts, { open: services.open, apart: scratched }),
    unset: services.unset,
    set: { HOLDPOINT_SANDBOX: "1", ...ownSandboxes, ...caches.set, ...temporary(input, mounts) },
    make: make.filter((path) => kindOf(path, look) === undefined && !isHidden(path, mounts)),
    makeFiles: makeFiles
      .filter((path) => !isHidden(path, mounts))
      .map((path) => ({ path, text: /json/.test(extname(path)) ? "{}\n" : "" })),
    notes: [
      ...writable.notes,
      ...agent.notes,
      ...git.notes,
      ...hidden.notes,
      ...parted.map(
        (path) => `${path}: something in it is hidden or held, so that nothing new can be made right in it`,
      ),
      ...named
        .filter((path) => kindOf(path, look) === undefined)
        .map((path) => `${path} is not there: it cannot be made inside`),
    ],
    cwd,
  };
}

interface Found {
  readonly write: readonly string[];
  readonly make: readonly string[];
  readonly git: GitPlaces;
  readonly agent: AgentPlaces;
  readonly named: readonly string[];
  readonly hidden: Hidden;
}

/** One word for each path; of several that are said of one the strictest. */
function joinPlaces(input: PlanInput, { write, make, git, agent, named, hidden }: Found): readonly Place[] {
  const { look, workspace, setting } = input;
  const isThere = (path: string) => kindOf(path, look) !== undefined || make.includes(path);
  const guarded = guardedPlaces(input).filter(isThere);
  const isGuarded = (path: string) => guarded.some((one) => isWithin(path, one));
  // Who opens the workspace or a repository as a whole does not speak of the hooks in it: they, or git's own folder, are named.
  const tells = [...git.folders, ...agent.write];
  const narrow = named.filter((one) => tells.some((folder) => isWithin(one, folder)));
  const isNamed = (path: string) => named.includes(path) || narrow.some((one) => isWithin(path, one));
  const held = [...git.held, ...agent.held].filter((path) => isThere(path) && !isNamed(path));
  const shown = [
    ...[workspace, input.cwd, input.home, input.packageRoot, ...input.programs].map((path) =>
      look.realpath(path),
    ),
    ...setting.read.map((path) => placeOf(path, input)),
  ].filter(isThere);
  const places: Place[] = [
    ...shown.map((path): Place => ({ path, as: "shown" })),
    ...write
      .filter((path) => isThere(path) && !isGuarded(path))
      .map((path): Place => ({ path, as: "write" })),
    ...git.folders
      .filter((path) => !isGuarded(path))
      .map((path): Place => ({ path, as: "write", own: true })),
    ...[...guarded, ...held].map((path): Place => ({ path, as: "read", held: true })),
    // Notes that shells make for themselves, without which no typed line could be held.
    ...[`${look.realpath(input.sessionDirectory)}/rc/own`]
      .filter(isThere)
      .map((path): Place => ({ path, as: "write" })),
    ...hidden.paths.map((path): Place => ({ path, as: "hidden", isFolder: isFolder(path, look) })),
  ];
  return [...new Map(places.map((place) => [place.path, place])).values()];
}

/** Nothing opens these: what a person's next session goes by, and this one's own. */
function guardedPlaces({ guardPaths, manifests, sessionDirectory, look }: PlanInput): readonly string[] {
  return [...guardPaths, ...manifests.map(({ file }) => file), sessionDirectory].map((path) =>
    look.realpath(path),
  );
}

/** A temporary folder of one's own is one more place to write to; where it is none inside, the usual one is taken. */
function temporary({ env, look }: PlanInput, mounts: readonly Mount[]): Readonly<Record<string, string>> {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  const isLost = (name: string): boolean => {
    const path = env[name];
    if (path === undefined || path === "") return false;
    const real = look.realpath(path);
    return real !== "/tmp" && real !== "/var/tmp" && nearest(byPath, real)?.kind !== "write";
  };
  return Object.fromEntries(["TMPDIR", "TMP", "TEMP"].filter(isLost).map((name) => [name, "/tmp"]));
}

/** Whether new files can be made in a folder inside. */
export function isWritable({ mounts, scratches }: SandboxPlan, folder: string): boolean {
  const around = nearest(new Map(mounts.map((mount) => [mount.path, mount])), folder);
  if (around !== undefined && around.kind !== "read") return true;
  return scratches.some(({ target }) => isWithin(folder, target));
}

function isHidden(path: string, mounts: readonly Mount[]): boolean {
  return mounts.some(({ kind, path: at }) => kind === "empty-folder" && isWithin(path, at));
}

/** Switches off filters in which programs lock up what they start, and with it shims, which need a socket: man's nroff is a script. */
const ownSandboxes: Readonly<Record<string, string>> = { MAN_DISABLE_SECCOMP: "1" };
