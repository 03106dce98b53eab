/** One HTTP request as it stands in plain bytes. */
export interface RawRequest {
  readonly method: string;
  /** A path with its query, or a whole URL, as for a proxy. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The requests of a text that begins with one; none for any other text. */
export function parseRawHttp(text: string): readonly RawRequest[] {
  const found: RawRequest[] = [];
  let rest = text.replace(/^[\r\n]+/, "");
  while (found.length < maxRequests) {
    const next = takeRequest(rest);
    if (next === undefined) break;
    found.push(next.request);
    rest = next.rest.replace(/^[\r\n]+/, "");
  }
  return found;
}

/** Whether a server would take it for an HTTP request. */
export function isRawHttp(text: string): boolean {
  return requestLine.test(text.replace(/^[\r\n]+/, ""));
}

/** One connection, pipelined. */
const maxRequests = 50;

/** Without a version only where the method is one that everybody knows: `GET /` is HTTP/0.9. */
const requestLine =
  /^([A-Za-z-]{3,20})[ \t]+(\S+)[ \t]+HTTP\/\d|^(GET|HEAD|POST|PUT|PATCH|DELETE|PURGE)[ \t]+(\/\S*)[ \t]*(?:\r?\n|$)/;

function takeRequest(text: string): { readonly request: RawRequest; readonly rest: string } | undefined {
  const [, method, target = "", oldMethod = "", oldTarget = ""] = requestLine.exec(text) ?? [];
  if (method === undefined && oldMethod === "") return undefined;
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const after = end === null ? "" : text.slice(end.index + end[0].length);
  const headers = head
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
    });
  const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const isNext = requestLine.test(after.replace(/^[\r\n]+/, ""));
  const size = length !== undefined && /^\d+$/.test(length) ? Number(length) : isNext ? 0 : after.length;
  return {
    request: {
      method: method ?? oldMethod,
      target: target || oldTarget,
      headers,
      body: after.slice(0, size),
    },
    rest: after.slice(size),
  };
}
