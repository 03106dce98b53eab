import type { Stat } from "../../src/model/world.js";

/** A regular file of this many bytes; nothing else about it matters to the readers that look at it. */
export function plainFile(size: number): Stat {
  const times = { born: 0, modified: 0, changed: 0 };
  return {
    exists: true,
    kind: "file",
    size,
    uid: 1000,
    mode: 0o644,
    links: 1,
    device: 1,
    inode: 1,
    ...times,
  };
}
