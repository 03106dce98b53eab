/** What a call's environment is, and how many entries said so. */
export interface Environment {
  readonly values: ReadonlyMap<string, string>;
  readonly entries: number;
}

/**
 * Environments by their very text. The calls of one shell come with the same hundred variables over and over: to find them
 * again costs a tenth of reading them. Nothing goes stale, for the same text is the same environment.
 */
export class Environments {
  private readonly known = new Map<string, Environment>();

  /** Of `NAME=value` entries with a NUL between two; undefined: there is none. The first of a name wins, as with getenv(3). */
  of(text: string | undefined): Environment {
    if (text === undefined) return { values: new Map(), entries: 0 };
    let env = this.known.get(text);
    if (env === undefined) {
      env = readEntries(text.split("\0"));
      if (this.known.size >= most) this.known.clear();
      if (text.length <= longest) this.known.set(text, env);
    }
    return env;
  }
}

const most = 32;
/** Characters. */
const longest = 32 * 1024;

function readEntries(entries: readonly string[]): Environment {
  const values = new Map<string, string>();
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    if (equals <= 0) continue;
    const name = entry.slice(0, equals);
    if (!values.has(name)) values.set(name, entry.slice(equals + 1));
  }
  return { values, entries: entries.length };
}
