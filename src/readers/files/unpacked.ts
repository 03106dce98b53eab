import { type Arg, isKnown } from "../../model/arg.js";
import type { Archived, Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { creation, modification, overwriting, toolName } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import { archiveNames, archiveOf, mostEntries } from "./archive-names.js";
import { newNames } from "./new-names.js";

export interface Unpacking {
  /** Left out, or `-`: it comes on stdin. */
  readonly archive: Arg | undefined;
  /** Left out: the working directory. */
  readonly folder?: Arg | undefined;
  /** The path below the folder that an entry comes to lie at; undefined: it is left in the archive. */
  readonly place: (entry: string) => string | undefined;
  /** Entries that the line names, and no others. */
  readonly wanted?: readonly string[];
  /** What is there stays as it is. */
  readonly keeps?: boolean;
}

/**
 * The files that an archive's entries are written over, and the names that are new. Of what cannot be read (a pipe, a download to
 * come, another format, a large one) only what the line names is known, and that something is made in that folder: unpacking
 * is daily work, and most of it goes to where nothing was.
 */
export function unpackedOver(call: Call, world: World, unpacking: Unpacking): readonly Effect[] {
  const { archive, folder = ".", place, wanted = [], keeps = false } = unpacking;
  const to = resolvePath(call, world, folder);
  if (to === undefined || !isKnown(to)) return [];
  const from = archiveOf(call, world, archive);
  const found = archiveNames(from, world);
  const names = found ?? wanted;
  if (names.length >= mostEntries) return [tooMany(toolName(call), from)];
  const paths = [...new Set(names)].flatMap((name) => {
    const relative = name.endsWith("/") || name.split("/").includes("..") ? undefined : place(name);
    return relative === undefined ? [] : [joinPath(to, relative)];
  });
  const isHidden = found === undefined && wanted.length === 0;
  return [
    ...(isHidden ? hiddenIn(toolName(call), to, keeps) : []),
    ...newNames(paths, world).map((path) => creation(toolName(call), path)),
    ...paths.flatMap((path) => {
      const stat = world.lstat(path);
      return !keeps && stat.exists && stat.kind === "file" ? overwriting(toolName(call), path, world) : [];
    }),
  ];
}

/** What is not known to be there is put into a folder; where a system keeps its own, it lies among what has the same names. */
export function hiddenIn(tool: string, folder: string, keeps = false): readonly Effect[] {
  const because = "what the archive holds is not known";
  const made: Effect = { ...creation(tool, joinPath(folder, "…")), certainty: "possible", because };
  if (keeps || !crowded.test(folder)) return [made];
  // All of `/` would be the guard's own files, too, of which nothing tells.
  const top = folder === "/" ? "/usr" : folder;
  return [made, { ...modification(tool, top), recursive: true, certainty: "possible", because }];
}

/** Not `/usr/local` and `/opt`, where archives are meant to go. */
const crowded = /^\/((etc|boot|root|dev|var(\/lib)?|(usr\/)?(s?bin|lib(32|64)?))|usr)?$/;

function tooMany(tool: string, from: Archived | undefined): Effect {
  const name = from?.kind === "file" ? from.path : "an archive";
  return opaqueEffect(tool, name, `it holds more than ${mostEntries} files, and some may be written over`);
}
