import { basename, join } from "node:path";
import { isDatabaseUrl, isLocalHost, readDatabaseUrl } from "./database-url.js";
import {
  type Environment,
  environmentOf,
  type Findings,
  type FoundCredential,
  type FoundLabel,
  joinFindings,
} from "./finding.js";
import { type Place, readText } from "./look.js";
import { isSecretVariable } from "./secret-name.js";

/** `.env*` files: which secrets stand in them, and which databases they lead to. */
export function findDotenv(files: readonly string[], place: Place): Findings {
  return joinFindings(files.filter(isDotenv).map((file) => readFindings(file, place)));
}

/** Examples are made to be read. */
function isDotenv(file: string): boolean {
  const name = basename(file);
  return (
    /^\.env(\.[\w.-]+)?$|^[\w-]+\.env$/.test(name) &&
    !/example|sample|template|dist|schema|defaults|vault/.test(name)
  );
}

function readFindings(file: string, place: Place): Findings {
  const text = readText(join(place.root, file));
  if (text === undefined)
    return { labels: [], credentials: [], never: [], notes: [`${file} could not be read`] };
  const ofFile = environmentOf(basename(file).replace(/^\.env/, ""));
  const labels: FoundLabel[] = [];
  const credentials: FoundCredential[] = [];
  const notes: string[] = [];
  for (const [name, value] of variablesOf(text)) {
    let environment = ofFile;
    if (isDatabaseUrl(value)) {
      const url = readDatabaseUrl(value);
      if (url === undefined) notes.push(`${file}: the address in ${name} could not be read`);
      else {
        environment = isLocalHost(url.host) ? "local" : (environmentOf(url.label) ?? ofFile);
        labels.push({ key: "databases", value: url.label, origin: `${file}, ${name}`, environment });
      }
    }
    if (isSecretVariable(name, value))
      credentials.push({
        name: `${name} in ${file}`,
        from: `file:${file}#${name}`,
        origin: file,
        environment,
      });
  }
  const never = ofFile === "production" ? [{ glob: file, origin: "settings of production" }] : [];
  return { labels, credentials, never, notes };
}

/** The databases and secrets of the variables that are set now. */
export function findVariables({ env }: Place): Findings {
  const labels: FoundLabel[] = [];
  const credentials: FoundCredential[] = [];
  for (const [name, value = ""] of Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const url = readDatabaseUrl(value);
    const environment: Environment | undefined =
      url === undefined
        ? environmentOf(name)
        : isLocalHost(url.host)
          ? "local"
          : environmentOf(url.label, name);
    if (url !== undefined)
      labels.push({ key: "databases", value: url.label, origin: `variable ${name}`, environment });
    if (isSecretVariable(name, value))
      credentials.push({ name, from: `env:${name}`, origin: "set now", environment });
  }
  return { labels, credentials, never: [], notes: [] };
}

function variablesOf(text: string): readonly (readonly [name: string, value: string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, unquoted(value.trim())] as const];
  });
}

function unquoted(value: string): string {
  const [, , inner] = /^(["'`])(.*)\1\s*(?:#.*)?$/.exec(value) ?? [];
  return inner ?? value.replace(/\s+#.*$/, "");
}
