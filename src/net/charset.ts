/**
 * A body's text as UTF-8, as far as it is text: servers take JSON in UTF-16 and UTF-32 for what it is without being told, others go by
 * the type's `charset`.
 */
export function toUtf8(
  bytes: Buffer,
  contentType: string,
): { readonly bytes: Buffer } | { readonly problem: string } {
  const [, quoted, bare] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  const stated = (quoted ?? bare ?? "").toLowerCase();
  const wide = widthOf(bytes);
  if (wide?.size === 4) return { bytes: narrow(bytes, wide.isLittle) };
  const name = wide === undefined ? stated : wide.isLittle ? "utf-16le" : "utf-16be";
  if (bytes.length === 0 || isUsual.test(name)) return { bytes };
  try {
    return { bytes: Buffer.from(new TextDecoder(name).decode(bytes)) };
  } catch {
    return { problem: `its body is text in ${JSON.stringify(name)}` };
  }
}

/** The same bytes as in UTF-8, for all that rules go by. */
const isUsual = /^(utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d|)$/;

interface Width {
  readonly size: 2 | 4;
  readonly isLittle: boolean;
}

/** By a mark, or by where the zeros of its first two letters are: RFC 4627, section 3. */
function widthOf(bytes: Buffer): Width | undefined {
  const zeros = [...bytes.subarray(0, 8)].map((byte) => (byte === 0 ? "0" : "x")).join("");
  if (/^(fffe0000|0000feff)/.test(bytes.toString("hex", 0, 4)))
    return { size: 4, isLittle: bytes[0] === 0xff };
  if (/^(fffe|feff)/.test(bytes.toString("hex", 0, 2))) return { size: 2, isLittle: bytes[0] === 0xff };
  if (zeros === "x000x000" || zeros === "000x000x") return { size: 4, isLittle: zeros.startsWith("x") };
  if (/^(x0x0|0x0x)/.test(zeros)) return { size: 2, isLittle: zeros.startsWith("x") };
  return undefined;
}

function narrow(bytes: Buffer, isLittle: boolean): Buffer {
  const points = Array.from({ length: bytes.length >> 2 }, (_, at) =>
    isLittle ? bytes.readUInt32LE(4 * at) : bytes.readUInt32BE(4 * at),
  );
  return Buffer.from(
    points.map((point) => (point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point))).join(""),
  );
}
