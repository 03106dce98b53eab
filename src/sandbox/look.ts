import { decodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";

/** All that a plan may look at. */
export type Look = Pick<World, "lstat" | "readdir" | "realpath" | "readFile">;

export function kindOf(path: string, look: Look): "folder" | "file" | "link" | undefined {
  const stat = look.lstat(path);
  if (!stat.exists) return undefined;
  if (stat.kind === "directory") return "folder";
  return stat.kind === "symlink" ? "link" : "file";
}

export function isFolder(path: string, look: Look): boolean {
  return kindOf(path, look) === "folder";
}

/** The names in a folder; none where it cannot be listed. */
export function namesIn(path: string, look: Look): readonly string[] {
  const listing = look.readdir(path, 10_000);
  return listing.ok ? listing.names : [];
}

/** A small file's text; "" where there is none. */
export function textOf(path: string, look: Look): string {
  const content = look.readFile(path, 256 * 1024);
  return content.ok ? decodeBytes(content.bytes) : "";
}

/** From the root on: `/a` has 1. */
export function depthOf(path: string): number {
  return path === "/" ? 0 : path.split("/").length - 1;
}

/** The folders strictly between the two, the outer ones first. */
export function foldersBetween(outer: string, inner: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(inner); at.length > outer.length; at = parentOf(at)) found.unshift(at);
  return found;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
