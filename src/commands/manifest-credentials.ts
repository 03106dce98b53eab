import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Manifest, ScopeCredential } from "../model/scope.js";
import { readOwnText } from "./own-text.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The manifest with what its credentials are now. What cannot be read, or is empty, is undefined. */
export function withValues(manifest: Manifest, env: Environment, home: string = homedir()): Manifest {
  const { credentials, folder } = manifest;
  if (credentials === undefined) return manifest;
  return {
    ...manifest,
    credentials: credentials.map((credential): ScopeCredential => {
      const value = currentValue(credential.from, folder, env, home);
      return { ...credential, value: value === "" ? undefined : value };
    }),
  };
}

/** The files that a manifest's credentials are kept in; absolute. */
export function credentialFiles({ credentials = [], folder }: Manifest, home: string): readonly string[] {
  return credentials.flatMap(({ from }) => {
    const [, path] = fileSource.exec(from) ?? [];
    return path === undefined ? [] : [absolutePath(path, folder, home)];
  });
}

const fileSource = /^file:(.*?)(?:#([\w.-]+))?$/s;

function currentValue(from: string, folder: string, env: Environment, home: string): string | undefined {
  const [, variable] = /^env:(.*)$/s.exec(from) ?? [];
  if (variable !== undefined) return env[variable];
  const [, path, key] = fileSource.exec(from) ?? [];
  if (path === undefined) return undefined;
  const read = readOwnText(absolutePath(path, folder, home));
  if (!read.ok) return undefined;
  return key === undefined ? read.text.trim() : assigned(read.text, key);
}

function absolutePath(path: string, folder: string, home: string): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1));
  return isAbsolute(path) ? path : join(folder, path);
}

/** `KEY=value`, `export KEY="value"` or `KEY = value # why`: the last one counts, as in a shell. */
function assigned(text: string, key: string): string | undefined {
  let found: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ""] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === key) found = unquoted(value);
  }
  return found;
}

function unquoted(value: string): string {
  const [, single] = /^'([^']*)'/.exec(value) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\]|\\.)*)"/.exec(value) ?? [];
  if (double !== undefined) return double.replace(/\\(["\\$`])/g, "$1");
  return value.replace(/(?:^|\s+)#.*$/, "").trim();
}

/** What the manifests declare as credentials is secret, whatever it is called. */
export function declaredValues(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap(({ credentials = [] }) =>
    credentials.flatMap(({ value }) => (value === undefined ? [] : [value])),
  );
}
