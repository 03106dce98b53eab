import type { Credential } from "./effect.js";

/**
 * What to call a credential: as the files that hold it call it, else as the call does. Of what only exists when the call runs
 * the file is known, and not always which of those in it is meant.
 */
export function credentialName({ name, from, fingerprint, places = [] }: Credential): string {
  const [, taken] = /^file:[^#]*#([\w.-]+)$/s.exec(from) ?? [];
  const keys = new Set(places.map(({ key }) => key));
  const [first] = keys;
  return taken ?? (first === undefined || (fingerprint === "" && keys.size > 1) ? name : first);
}

/**
 * The file that a call takes it from by name: `file:/w/.env`, `file:/w/.env:3`, `file:/w/.env#TOKEN`, `config:~/.netrc`. Undefined
 * where `from` is something else.
 */
export function originFile({ from }: Pick<Credential, "from">, home: string): string | undefined {
  const [, path] = /^(?:file|config):((?:\/|~\/).*?)(?:#[\w.-]+|:\d+)?$/s.exec(from) ?? [];
  return path?.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}
