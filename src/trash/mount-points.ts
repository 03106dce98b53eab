import { readFileSync } from "node:fs";

/**
 * Where file systems begin, from Linux' table of mounts (proc(5), mountinfo), a folder that stands in a second place (bind)
 * included; empty where there is none.
 */
export function readMountPoints(): readonly string[] {
  let table: string;
  try {
    table = readFileSync("/proc/self/mountinfo", "latin1");
  } catch {
    return [];
  }
  if (table !== last.table) last = { table, points: pointsIn(table) };
  return last.points;
}

/** Read each time, for what is mounted meanwhile must not go; `rm` of many words asks for each of them. */
let last: { readonly table: string; readonly points: readonly string[] } = { table: "", points: [] };

function pointsIn(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const point = line.split(" ", 5)[4];
    return point === undefined ? [] : [readName(point)];
  });
}

/** The mount that a real path belongs to: rename(2) leads out of none, not even to another place of the same disk. */
export function mountOf(path: string, points: readonly string[]): string {
  let nearest = "/";
  for (const point of points) if (isWithin(path, point) && point.length > nearest.length) nearest = point;
  return nearest;
}

/** Whether a mount begins at this path, or below it. */
export function holdsMount(path: string, points: readonly string[]): boolean {
  return points.some((point) => isWithin(point, path));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Blanks stand in the table as `\040`; bytes beyond ASCII as they are. */
function readName(text: string): string {
  const plain = text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}
