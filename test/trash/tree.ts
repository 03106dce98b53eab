import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** All that a tree is, name by name, so that two looks at it can be compared: what bytes it holds, modes, times, links. */
export function lookAt(path: string): readonly string[] {
  const rows: string[] = [];
  const walk = (name: Buffer) => {
    const stat = lstatSync(name, { bigint: true });
    const content = stat.isFile()
      ? createHash("sha1").update(readFileSync(name)).digest("hex")
      : stat.isSymbolicLink()
        ? readlinkSync(name, "buffer").toString("hex")
        : "";
    const { mode, uid, gid, mtimeNs, nlink, ino } = stat;
    const size = stat.isDirectory() ? 0n : stat.size;
    rows.push([name.toString("latin1"), mode, uid, gid, size, mtimeNs, nlink, ino, content].join(" "));
    if (stat.isDirectory())
      for (const below of readdirSync(name, "buffer").toSorted(Buffer.compare))
        walk(Buffer.concat([name, Buffer.from("/"), below]));
  };
  walk(Buffer.from(path));
  return rows;
}
