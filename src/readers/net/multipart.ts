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
    if (name !== undefined && !isFile) fields.set(name, part.slice(end + 4));
  }
  return fields;
}

const mostParts = 1000;
