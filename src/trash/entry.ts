import { normalize } from "node:path/posix";
import * as v from "valibot";

const pathSchema = v.pipe(
  v.string(),
  v.check((path) => path.startsWith("/") && normalize(path) === path),
);

/**
 * One deletion in the trash, as it stands in `ID.json`. It is written before anything is moved and never changed: what of it
 * is still there, the file system says. Bytes of names that are not UTF-8 are lone surrogates, as everywhere.
 */
const itemSchema = v.object({
  /** Absolute, the links of its folder resolved. */
  path: pathSchema,
  kind: v.picklist(["file", "directory", "symlink", "device", "fifo", "socket"]),
  mode: v.number(),
  uid: v.number(),
  size: v.number(),
  links: v.number(),
  /** Milliseconds since the epoch. */
  modified: v.number(),
  device: v.number(),
  inode: v.number(),
  /** All but folders in it, and their bytes. */
  files: v.number(),
  bytes: v.number(),
  /** The folders above it, the nearest first, up to the workspace. */
  parents: v.array(v.object({ path: pathSchema, mode: v.number() })),
});

export const entrySchema = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]{4,32}$/)),
  session: v.string(),
  /** Of the session's broker. */
  pid: v.number(),
  /** RFC 3339. */
  time: v.string(),
  text: v.string(),
  cwd: v.string(),
  /** Absolute path of the folder that holds the things: 0, 1, … in the order of `items`. */
  folder: pathSchema,
  items: v.array(itemSchema),
});

export type TrashEntry = v.InferOutput<typeof entrySchema>;
export type TrashItem = v.InferOutput<typeof itemSchema>;
