import { decodeBytes } from "../../model/bytes.js";

/** The plain fields of `multipart/form-data` (RFC 7578), by name; none for any other type. Files are left out. */
export function readMultipart(text: string, contentType: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (!/^multipart\/form-data\b/i.test(contentType)) return fields;
  const [, quoted, bare] = /\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return fields;
  for (const part of `\r\n${text}`.split(`\r\n--${boundary}`).slice(1, mostParts)) {
    const end = part.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = part.slice(0, end);
    const name = /;\s*name="((?:\\.|[^"\\])*)"/i.exec(head)?.[1] ?? /;\s*name=([^\s;]+)/i.exec(head)?.[1];
    // `operations` of a GraphQL request is a field, whatever name of a file a client gives it.
    const isFile = /;\s*filename\*?=/i.test(head) && name !== "operations" && name !== "map";
    if (name === undefined || isFile) continue;
    const text = decodePart(part.slice(end + 4), head);
    // Some servers take the first of a name, some the last: with both in it, it is neither's JSON.
    const before = fields.get(name);
    fields.set(name, before === undefined ? text : `${before},${text}`);
  }
  return fields;
}

/** Go's reader takes quoted-printable off by itself, others Base64: RFC 2045, section 6. */
function decodePart(text: string, head: string): string {
  const coding = /^content-transfer-encoding:\s*([\w-]+)/im.exec(head)?.[1]?.toLowerCase();
  if (coding === "base64") return decodeBytes(Buffer.from(text, "base64"));
  if (coding !== "quoted-printable") return text;
  return text
    .replaceAll(/=[ \t]*\r?\n/g, "")
    .replaceAll(/=([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const mostParts = 1000;
