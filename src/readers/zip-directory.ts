/** One file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  readonly packed: Buffer;
}

/** By the archive's directory at its end: local headers may leave the sizes out. Undefined: it is none. Throws where it is torn. */
export function readZip(archive: Buffer, most: number): readonly ZipEntry[] | undefined {
  const end = archive.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end < 0) return undefined;
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0 && entries.length < most; count -= 1) {
    if (archive.readUInt32LE(at) !== 0x02014b50) return undefined;
    const nameLength = archive.readUInt16LE(at + 28);
    const start = archive.readUInt32LE(at + 42);
    const data = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    entries.push({
      name: archive.toString("utf8", at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      packed: archive.subarray(data, data + archive.readUInt32LE(at + 20)),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
