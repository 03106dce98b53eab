import { posix } from "node:path";
import type { World } from "../model/world.js";
import {
  type BuildOutput,
  findFileOutput,
  findFolderOutput,
  isPrecious,
  type Proof,
} from "./build-output.js";
import { type Entry, hasMoved, isNew } from "./evidence.js";
import { type Loss, recreate } from "./loss.js";
import { isBelow } from "./within.js";

/** Recreatable, when `path` is build output or lies in some; undefined when nothing says so for certain. */
export function weighOutput(path: string, stat: Entry, world: World): Loss | undefined {
  const { workspace } = world.session;
  if (!isBelow(path, workspace) || hasMoved(stat, world)) return undefined;
  const isFolder = stat.kind === "directory";
  for (const { folder, output } of outputsAround(path, isFolder, workspace)) {
    const proof = proveOutput(folder, output, world);
    if (proof === undefined) continue;
    const isDeep = proof === "proof" || !output.isVendored;
    if (
      isFolder
        ? holdsLoose(path, output, isDeep, world)
        : !output.isVendored && isPrecious(posix.basename(path))
    )
      return undefined;
    return recreate(`build output in "${posix.basename(folder)}"`);
  }
  const file = isFolder ? undefined : findFileOutput(posix.basename(path));
  const isOutput = file !== undefined && (file.proof?.kind === "name" || isIgnored(path, false, world));
  return isOutput ? recreate("build output") : undefined;
}

/** Whether a folder stands in for output, or in some, without being one that tools alone write (a volume for `node_modules`). */
export function isInOutput(folder: string, { session }: World): boolean {
  const around = outputsAround(folder, true, session.workspace).at(-1);
  return around !== undefined && !(around.folder === folder && around.output.isVendored);
}

interface Around {
  readonly folder: string;
  readonly output: BuildOutput;
}

/** Folders of a known name from the workspace down to `path`, the outermost first. */
function outputsAround(path: string, isFolder: boolean, workspace: string): readonly Around[] {
  const parts = path.slice(workspace === "/" ? 1 : workspace.length + 1).split("/");
  const names = isFolder ? parts : parts.slice(0, -1);
  return names.flatMap((name, at) => {
    const output = findFolderOutput(name, names[at - 1] ?? "");
    return output === undefined ? [] : [{ folder: posix.join(workspace, ...names.slice(0, at + 1)), output }];
  });
}

/** A known name alone proves nothing: `mv thesis dist`. Rules from before the session, or what stands by it, do. */
function proveOutput(folder: string, { proof }: BuildOutput, world: World): "ignored" | "proof" | undefined {
  const stat = world.lstat(folder);
  if (!stat.exists || stat.kind !== "directory" || hasMoved(stat, world) || holdsTracked(folder, world))
    return undefined;
  if (isIgnored(folder, true, world)) return "ignored";
  // What the session made is told file by file.
  return proof !== undefined && !isNew(stat, world) && isProven(folder, proof, world) ? "proof" : undefined;
}

function isProven(folder: string, proof: Proof, world: World): boolean {
  if (proof.kind === "name") return true;
  const stat = world.lstat(posix.join(proof.kind === "beside" ? posix.dirname(folder) : folder, proof.file));
  if (!stat.exists || stat.kind !== "file") return false;
  return proof.kind === "beside" || stat.changed < world.session.startedAt;
}

function isIgnored(path: string, isFolder: boolean, { git }: World): boolean {
  const repository = git.repository(posix.dirname(path));
  if (repository === undefined || !isBelow(path, repository.top)) return false;
  return git.ignoredSinceStart(repository.top, path.slice(repository.top.length + 1), isFolder);
}

/** Files of an ignored folder that are tracked all the same have changes to lose. Git that cannot tell counts as yes. */
function holdsTracked(folder: string, { git }: World): boolean {
  const repository = git.repository(posix.dirname(folder));
  if (repository === undefined) return false;
  const tracked = git.tracked(repository.top, folder.slice(repository.top.length + 1));
  return "reason" in tracked || tracked.size > 0;
}

/** Whether something in there does not belong: moved in during the session, a secret, a database, a repository. */
function holdsLoose(top: string, output: BuildOutput, isDeep: boolean, world: World): boolean {
  const pending = [top];
  let seen = 0;
  for (let folder = pending.pop(); folder !== undefined && seen < cap; folder = pending.pop()) {
    const listing = world.readdir(folder, cap);
    if (!listing.ok) return true;
    for (const name of listing.names) {
      seen += 1;
      const path = posix.join(folder, name);
      const stat = world.lstat(path);
      if (!stat.exists) continue;
      if (hasMoved(stat, world)) return true;
      if (!isNew(stat, world) && (name === ".git" || (!output.isVendored && isPrecious(name)))) return true;
      // What git ignores and tools alone write gets one look at its first level, whatever its size.
      if (stat.kind === "directory" && isDeep) pending.push(path);
    }
  }
  return false;
}

/** Entries looked at. Beyond that a name and its proof have to do. */
const cap = 5000;
