import { constants, gunzipSync } from "node:zlib";
import { type Arg, isKnown } from "../../model/arg.js";
import { encodeBytes } from "../../model/bytes.js";
import type { Archived, Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { readZip } from "../zip-directory.js";

/** Undefined for one that cannot be read now: a download to come, a word that nobody foresees. */
export function archiveOf(call: Call, world: World, archive: Arg | undefined): Archived | undefined {
  if (archive !== undefined && !(isKnown(archive) && ownInput.test(archive)))
    return fileAt(resolvePath(call, world, archive));
  const { stdin } = call;
  switch (stdin.kind) {
    case "file":
      return fileAt(resolvePath(call, world, stdin.path));
    case "text":
      return { kind: "text", text: stdin.text };
    case "unknown":
      return stdin.archive;
    default:
      return undefined;
  }
}

const ownInput = /^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/;

function fileAt(path: Arg | undefined): Archived | undefined {
  return path !== undefined && isKnown(path) ? { kind: "file", path } : undefined;
}

const capBytes = 16 << 20;
export const mostEntries = 5_000;

/** The files that an archive holds, without its folders; undefined where that cannot be read. */
export function archiveNames(from: Archived | undefined, world: World): readonly string[] | undefined {
  if (from === undefined) return undefined;
  if (from.kind === "tree") return treeNames(from, world);
  if (from.kind === "text") return namesIn(encodeBytes(from.text));
  const content = world.readFile(from.path, capBytes);
  return content.ok && content.complete ? namesIn(Buffer.from(content.bytes)) : undefined;
}

function treeNames(
  { cwd, tree, paths, prefix }: Archived & { kind: "tree" },
  world: World,
): readonly string[] | undefined {
  const answer = world.git.query(cwd, ["ls-tree", "-r", "-z", "--name-only", tree, "--", ...paths]);
  if (!answer.ok) return undefined;
  const names = answer.out.split("\0").filter((name) => name !== "");
  return names.slice(0, mostEntries).map((name) => prefix + name);
}

function namesIn(bytes: Buffer): readonly string[] | undefined {
  try {
    if (bytes.readUInt16BE(0) === 0x504b) return readZip(bytes, mostEntries)?.map(({ name }) => name);
    // One that is cut off is unpacked as far as it goes.
    const options = { maxOutputLength: capBytes * 4, finishFlush: constants.Z_SYNC_FLUSH };
    const plain = bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes, options) : bytes;
    return readTar(plain) ?? readCpio(plain) ?? readAr(plain);
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

/** cpio's `newc` and `odc`: a header of digits, the name, the content. https://www.gnu.org/software/cpio/manual/cpio.html */
function readCpio(bytes: Buffer): readonly string[] | undefined {
  const magic = bytes.toString("latin1", 0, 6);
  const isNew = magic === "070701" || magic === "070702";
  if (!isNew && magic !== "070707") return undefined;
  const names: string[] = [];
  for (let at = 0; at + 76 <= bytes.length && names.length < mostEntries; ) {
    const number = (start: number, length: number) =>
      Number.parseInt(bytes.toString("latin1", at + start, at + start + length), isNew ? 16 : 8);
    const [mode, nameSize, size] = isNew
      ? [number(14, 8), number(94, 8), number(54, 8)]
      : [number(18, 6), number(59, 6), number(65, 11)];
    if (!(nameSize > 0) || !(size >= 0)) break;
    const start = at + (isNew ? 110 : 76);
    const name = bytes.toString("utf8", start, start + nameSize - 1);
    if (name === "TRAILER!!!") break;
    if ((mode & 0o170000) === 0o100000) names.push(name);
    const padded = (end: number) => (isNew ? at + Math.ceil((end - at) / 4) * 4 : end);
    at = padded(padded(start + nameSize) + size);
  }
  return names;
}

/** `ar`: 60 bytes in front of each member; long names lie in the one called `//`. Its own tables are no files. */
function readAr(bytes: Buffer): readonly string[] | undefined {
  if (bytes.toString("latin1", 0, 8) !== "!<arch>\n") return undefined;
  const names: string[] = [];
  let long = "";
  for (let at = 8; at + 60 <= bytes.length && names.length < mostEntries; ) {
    const field = bytes.toString("utf8", at, at + 16).trimEnd();
    const size = Number.parseInt(bytes.toString("latin1", at + 48, at + 58).trim(), 10);
    if (!(size >= 0)) break;
    if (field === "//") long = bytes.toString("utf8", at + 60, at + 60 + size);
    else if (/^\/\d+$/.test(field)) names.push(long.slice(Number(field.slice(1))).replace(/\/?\n.*$/s, ""));
    else if (!/^(\/(SYM64\/)?|__.*)$/.test(field)) names.push(field.replace(/\/$/, ""));
    at += 60 + size + (size % 2);
  }
  return names;
}
