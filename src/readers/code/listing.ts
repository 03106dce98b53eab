import { compilePattern, matchesWhole } from "../../expand/pattern.js";
import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { isDirectory, joinPath, resolvePath } from "../path.js";

const maxFound = 300;
const maxFolders = 500;

/** The files that a pattern fits, as a language's glob function gives them; a beginning alone when they are too many. */
export function listPattern(call: Pick<Call, "cwd">, world: World, pattern: Arg): readonly Arg[] {
  if (!isKnown(pattern)) return [pattern];
  const walk: Walk = { call, world, found: [], folders: 0, isOver: false };
  for (const one of expandBraces(pattern)) {
    const parts = one.replace(/^\/+/, "").split("/");
    visit(walk, parts, 0, one.startsWith("/") ? "/" : "");
  }
  return walk.isOver ? [someBelow(literalStart(pattern), pattern)] : walk.found;
}

/** The names in a folder; `isFull`: with the folder in front. */
export function listFolder(
  call: Pick<Call, "cwd">,
  world: World,
  folder: Arg,
  isFull: boolean,
): readonly Arg[] {
  if (!isKnown(folder)) return [folder];
  const path = resolvePath(call, world, folder === "" ? "." : folder);
  const listing = path !== undefined && isKnown(path) ? world.readdir(path, maxFound + 1) : undefined;
  const start = isFull ? joinPath(folder, "") : "";
  if (listing?.ok !== true || !listing.complete || listing.names.length > maxFound)
    return [someBelow(start, folder)];
  return listing.names.map((name) => start + name);
}

/** Something below a folder, which one is not known. */
export function someBelow(start: string, source: string): Unknown {
  return { ...unknown(source, "a file that the program finds there", start), shape: "relative" };
}

interface Walk {
  readonly call: Pick<Call, "cwd">;
  readonly world: World;
  readonly found: string[];
  folders: number;
  isOver: boolean;
}

function visit(walk: Walk, parts: readonly string[], at: number, base: string): void {
  const part = parts[at];
  if (part === undefined || walk.isOver) return;
  const isLast = at === parts.length - 1;
  if (!/[*?[]/.test(part)) {
    const name = base + part;
    if (!isLast) visit(walk, parts, at + 1, name === "" || name.endsWith("/") ? name : `${name}/`);
    else if (exists(walk, name)) add(walk, name);
    return;
  }
  if (part === "**") {
    visit(walk, isLast ? ["*"] : parts, isLast ? 0 : at + 1, base);
    for (const name of namesIn(walk, base))
      if (!name.startsWith(".") && isFolder(walk, base + name)) visit(walk, parts, at, `${base}${name}/`);
    return;
  }
  const pattern = compilePattern(part, false);
  for (const name of namesIn(walk, base)) {
    if (!matchesWhole(pattern, name) || (name.startsWith(".") && !part.startsWith("."))) continue;
    if (isLast) add(walk, base + name);
    else if (isFolder(walk, base + name)) visit(walk, parts, at + 1, `${base}${name}/`);
  }
}

function add(walk: Walk, name: string): void {
  walk.found.push(name);
  if (walk.found.length > maxFound) walk.isOver = true;
}

function namesIn(walk: Walk, base: string): readonly string[] {
  walk.folders += 1;
  if (walk.folders > maxFolders) walk.isOver = true;
  const path = resolvePath(walk.call, walk.world, base === "" ? "." : base);
  if (walk.isOver || path === undefined || !isKnown(path)) {
    walk.isOver = true;
    return [];
  }
  const listing = walk.world.readdir(path, 5_000);
  if (listing.ok && !listing.complete) walk.isOver = true;
  return listing.ok ? listing.names : [];
}

function exists({ call, world }: Walk, name: string): boolean {
  const path = resolvePath(call, world, name);
  return path !== undefined && isKnown(path) && world.lstat(path).exists;
}

function isFolder({ call, world }: Walk, name: string): boolean {
  const path = resolvePath(call, world, name);
  return path !== undefined && isKnown(path) && isDirectory(path, world);
}

/** `*.{log,tmp}` */
function expandBraces(pattern: string): readonly string[] {
  const [whole, before = "", list = "", after = ""] = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (whole === undefined || !list.includes(",")) return [pattern];
  return list
    .split(",")
    .slice(0, 20)
    .flatMap((one) => expandBraces(before + one + after).slice(0, 20));
}

function literalStart(pattern: string): string {
  const at = pattern.search(/[*?[{]/);
  const start = at < 0 ? pattern : pattern.slice(0, at);
  return start.slice(0, start.lastIndexOf("/") + 1);
}
