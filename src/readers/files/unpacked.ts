import { constants, gunzipSync } from "node:zlib";
import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { creation, overwriting, toolName } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import { readZip } from "../zip-directory.js";
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
  const [from, to] = [fileOf(call, world, archive), resolvePath(call, world, folder)];
  if (to === undefined || !isKnown(to)) return [];
  const found = from === undefined ? undefined : entriesOf(from, world);
  const names = found ?? wanted;
  if (from !== undefined && names.length >= mostEntries)
    return [
      opaqueEffect(
        toolName(call),
        from,
        `it holds more than ${mostEntries} files, and some may be written over`,
      ),
    ];
  const paths = [...new Set(names)].flatMap((name) => {
    const relative = name.endsWith("/") || name.split("/").includes("..") ? undefined : place(name);
    return relative === undefined ? [] : [joinPath(to, relative)];
  });
  const isHidden = found === undefined && wanted.length === 0;
  return [
    ...(isHidden ? [hiddenIn(toolName(call), to)] : []),
    ...newNames(paths, world).map((path) => creation(toolName(call), path)),
    ...paths.flatMap((path) => {
      const stat = world.lstat(path);
      return !keeps && stat.exists && stat.kind === "file" ? overwriting(toolName(call), path, world) : [];
    }),
  ];
}

function hiddenIn(tool: string, folder: string): Effect {
  const because = "what the archive holds is not known";
  return { ...creation(tool, joinPath(folder, "…")), certainty: "possible", because };
}

/** The archive's path; undefined for one that cannot be read now. */
function fileOf(call: Call, world: World, archive: Arg | undefined): string | undefined {
  const { stdin } = call;
  const piped = stdin.kind === "file" ? stdin.path : undefined;
  const path = resolvePath(call, world, (archive === "-" ? undefined : archive) ?? piped ?? "");
  return path !== undefined && isKnown(path) ? path : undefined;
}

const capBytes = 16 << 20;
const mostEntries = 5_000;

function entriesOf(path: string, world: World): readonly string[] | undefined {
  const content = world.readFile(path, capBytes);
  if (!content.ok || !content.complete) return undefined;
  const bytes = Buffer.from(content.bytes);
  try {
    if (bytes.readUInt16BE(0) === 0x504b) return readZip(bytes, mostEntries)?.map(({ name }) => name);
    const isGzip = bytes.readUInt16BE(0) === 0x1f8b;
    if (!isGzip) return readTar(bytes);
    // One that is cut off is unpacked as far as it goes.
    return readTar(gunzipSync(bytes, { maxOutputLength: capBytes * 4, finishFlush: constants.Z_SYNC_FLUSH }));
  } catch {
    // Torn, or more than anyone unpacks unseen.
    return undefined;
  }
}

/** Names in the headers; long ones lie in front, as GNU's `L` or in pax's `x`. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function readTar(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 512) return undefined;
  const names: string[] = [];
  let long: string | undefined;
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0 && names.length < mostEntries; ) {
    const field = (start: number, length: number) =>
      bytes.toString("utf8", at + start, at + start + length).replace(/\0.*/s, "");
    if (field(257, 5) !== "ustar") return names.length === 0 ? undefined : names;
    const size = Number.parseInt(field(124, 12).trim() || "0", 8);
    if (!(size >= 0)) return names;
    const [kind, data] = [field(156, 1), bytes.toString("utf8", at + 512, at + 512 + Math.min(size, 65_536))];
    const [prefix, name] = [field(345, 155), field(0, 100)];
    at += 512 + Math.ceil(size / 512) * 512;
    if (kind === "L") long = data.replace(/\0.*/s, "");
    else if (kind === "x") long = /^\d+ path=(.*)$/m.exec(data)?.[1] ?? long;
    else if (kind !== "g") {
      if (kind === "" || kind === "0" || kind === "7") names.push(long ?? (prefix && `${prefix}/`) + name);
      long = undefined;
    }
  }
  return names;
}
