import { isKnown } from "../../model/arg.js";
import type { HttpRequest } from "./http-request.js";

/**
 * A request as different servers read it: where a name stands twice, in JSON, a form or the URL, some take the first, some the
 * last. `{"query": "mutation …", "query": "{ me }"}` must not pass as what it is to JSON.parse alone. One, where none does.
 */
export function readingsOf(request: HttpRequest): readonly HttpRequest[] {
  const { url, body } = request;
  const text = body !== undefined && isKnown(body) ? body : "";
  const read = (which: Which): HttpRequest => {
    const other = text === "" ? text : oneEach(text, which);
    return { ...request, url: queryOf(url, which), ...(other === text ? {} : { body: other }) };
  };
  const others = [read("first"), read("last")].filter((each) => each.url !== url || each.body !== body);
  return [request, ...others];
}

type Which = "first" | "last";

function queryOf(url: string, which: Which): string {
  const [, before = "", query = "", after = ""] = /^([^?#]*\?)([^#]*)(.*)$/s.exec(url) ?? [];
  return query === "" ? url : `${before}${oneParameterEach(query, which)}${after}`;
}

function oneEach(text: string, which: Which): string {
  if (!/^\s*[[{]/.test(text)) return oneParameterEach(text, which);
  // The last one is what JSON.parse takes.
  return which === "first" ? firstNames(text) : text;
}

/** As it is, where no name stands twice. */
function oneParameterEach(text: string, which: Which): string {
  if (!/^[\w.[\]%-]{1,100}=[\s\S]*&/.test(text)) return text;
  const pairs = [...new URLSearchParams(text)];
  const kept = new Map(which === "first" ? pairs.toReversed() : pairs);
  return kept.size === pairs.length ? text : new URLSearchParams([...kept]).toString();
}

/** JSON in which later ones of a name have another: JSON.parse keeps the last of each. */
function firstNames(text: string): string {
  const open: Set<string>[] = [];
  let twins = 0;
  return text.replaceAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"(\s*:)?|[{}[\]]/g, (token, colon?: string) => {
    if (token === "{" || token === "[") open.push(new Set());
    if (token === "}" || token === "]") open.pop();
    const names = open.at(-1);
    if (colon === undefined || names === undefined) return token;
    const name = plainName(token.slice(0, -colon.length));
    if (!names.has(name)) {
      names.add(name);
      return token;
    }
    twins += 1;
    return `"\\u0000${twins}"${colon}`;
  });
}

/** `"\u0071uery"` is `query`. */
function plainName(token: string): string {
  if (!token.includes("\\")) return token.slice(1, -1);
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
