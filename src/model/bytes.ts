/**
 * Arguments, paths and environments are bytes. They become strings so that no byte is lost: what is not UTF-8 becomes a
 * lone surrogate U+DC80…U+DCFF per byte (Python's "surrogateescape"), and turns back into that byte for system calls.
 */
export function decodeBytes(bytes: Uint8Array): string {
  const text = strict(bytes);
  if (text !== undefined) return text;
  let out = "";
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    out += Buffer.from(bytes.subarray(start, at)).toString("utf8");
    out += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += 1;
    start = at;
  }
  return out + Buffer.from(bytes.subarray(start)).toString("utf8");
}

/** The bytes behind a decoded string; the argument for any system call that takes a path. */
export function encodeBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const run of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)) {
    const code = run.length === 1 ? run.charCodeAt(0) : 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(run, "utf8"));
  }
  return Buffer.concat(parts);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function strict(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Length of the valid UTF-8 sequence at `at`, 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  return strict(bytes.subarray(at, at + length)) === undefined ? 0 : length;
}
