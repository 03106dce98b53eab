export interface Glob {
  /** The URLs it stands for, the first `cap` of them. */
  readonly urls: readonly GlobbedUrl[];
  /** How many there are in all. */
  readonly total: number;
}

export interface GlobbedUrl {
  readonly url: string;
  /** What each pattern became: `#1`, `#2`, … in the name of an output. */
  readonly picks: readonly string[];
}

/** curl's URL globbing: `{a,b}`, `[1-9]`, `[001-100:10]`, `[a-z]`; a backslash takes the meaning from a brace. */
export function expandGlob(text: string, cap: number): Glob {
  const parts = parseGlob(text);
  const total = parts.reduce((count, part) => count * (typeof part === "string" ? 1 : part.length), 1);
  let urls: readonly GlobbedUrl[] = [{ url: "", picks: [] }];
  for (const part of parts) {
    urls = urls
      .flatMap(({ url, picks }) =>
        typeof part === "string"
          ? [{ url: url + part, picks }]
          : part.slice(0, cap).map((pick) => ({ url: url + pick, picks: [...picks, pick] })),
      )
      .slice(0, cap);
  }
  return { urls, total };
}

/** No pattern of a command line needs more; the count stays right up to here. */
const maxRange = 100_000;

/** Plain text as it is, a pattern as its choices. */
function parseGlob(text: string): readonly (string | readonly string[])[] {
  const parts: (string | readonly string[])[] = [];
  let literal = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const escaped = /^\\([{}[\]])/.exec(rest);
    const pattern = /^\{([^{}]*)\}/.exec(rest) ?? /^\[([^[\]]*)\]/.exec(rest);
    const choices =
      pattern === null
        ? undefined
        : rest.startsWith("{")
          ? (pattern[1] ?? "").split(",")
          : readRange(pattern[1] ?? "");
    if (escaped === null && pattern !== null && choices !== undefined) {
      parts.push(literal, choices);
      literal = "";
      at += pattern[0].length;
      continue;
    }
    literal += escaped?.[1] ?? rest.charAt(0);
    at += escaped === null ? 1 : 2;
  }
  return [...parts, literal];
}

/** Undefined for what is no range: the brackets of an IPv6 address. */
function readRange(text: string): string[] | undefined {
  const [, from, to, step] = /^(\d+)-(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const list: string[] = [];
    for (let n = Number(from); n <= Number(to) && list.length < maxRange; n += Number(step ?? 1) || 1) {
      list.push(String(n).padStart(from.startsWith("0") ? from.length : 1, "0"));
    }
    return list.length === 0 ? undefined : list;
  }
  const [, first, last, letters] = /^([A-Za-z])-([A-Za-z])(?::(\d+))?$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const list: string[] = [];
  for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code += Number(letters ?? 1) || 1) {
    list.push(String.fromCharCode(code));
  }
  return list.length === 0 ? undefined : list;
}
