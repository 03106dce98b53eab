import { dirname, join, resolve } from "node:path";
import type { KnownTool } from "../model/builtin.js";
import type { Api } from "../model/knowledge.js";
import type { Rule } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import type { ParsedConfig } from "../policy/config.js";
import { type OwnFile, parseOwnFile } from "../policy/own-file.js";
import type { Table } from "../readers/reader.js";
import { readOwnText } from "./own-text.js";

/** What a config brings along in files of its own. */
export interface Included {
  readonly rules: readonly Rule[];
  readonly tools: readonly KnownTool[];
  readonly apis: readonly Api[];
  /** Of its packs, to be judged before their rules are trusted. */
  readonly examples: readonly Case[];
  /** Of its tools and APIs, for `rules test`. */
  readonly cases: readonly Case[];
  readonly files: readonly string[];
}

export type IncludedResult =
  | { readonly ok: true; readonly included: Included }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What stands already, and is not to be replaced by a file that says less: a `kubectl` that only lists would be a hole. */
export interface Present {
  readonly table: Table;
  readonly rules: readonly Rule[];
  apis(): readonly Api[];
}

/** Reads what the config at `path` includes. */
export function readIncluded(config: ParsedConfig, path: string, present: Present): IncludedResult {
  const problems: string[] = [];
  const found = config.include.flatMap(({ name, place }) => {
    const file = join(dirname(path), name);
    const source = readOwnText(file);
    if (!source.ok) {
      problems.push(`${place}: "${name}": ${source.reason}`);
      return [];
    }
    const parsed = parseOwnFile(source.text, file);
    if (parsed.ok) return [{ file, place, own: parsed.own }];
    problems.push(...parsed.problems);
    return [];
  });
  const names = new Set(present.table.keys());
  const ids = new Set(present.rules.map((rule) => rule.id));
  const hosts = new Set(found.length === 0 ? [] : present.apis().flatMap((api) => api.hosts));
  for (const { own, place, file } of found)
    problems.push(...clashes(own, place, file, { names, ids, hosts }));
  if (problems.length > 0) return { ok: false, problems };
  const files = found.map(({ file }) => file);
  return { ok: true, included: { ...gather(found.map(({ own }) => own)), files } };
}

/** The absolute path of a file that the config at `path` includes by this name. */
export function includedPath(path: string, name: string): string {
  return resolve(dirname(path), name);
}

/** All of several files as one. */
export function gather(all: readonly OwnFile[]): Omit<Included, "files"> {
  const tools = all.flatMap((own) => (own.kind === "tool" ? [own.tool] : []));
  return {
    rules: all.flatMap((own) => (own.kind === "pack" ? own.rules : [])),
    tools: tools.map((tree) => ({ names: tree.names, tree: () => tree })),
    apis: all.flatMap((own) => (own.kind === "api" ? [own.api] : [])),
    examples: all.flatMap((own) => (own.kind === "pack" ? own.cases : [])),
    cases: all.flatMap((own) => (own.kind === "tool" || own.kind === "api" ? own.cases : [])),
  };
}

interface Taken {
  readonly names: Set<string>;
  readonly ids: Set<string>;
  readonly hosts: Set<string>;
}

function clashes(own: OwnFile, place: string, file: string, taken: Taken): readonly string[] {
  switch (own.kind) {
    case "tool":
      return own.tool.names.flatMap((name) => {
        if (!isProgramName(name)) return [`${file}: "${name}" cannot be the name of a tool of your own`];
        return take(taken.names, name)
          ? []
          : [
              `${file}: the tool "${name}" is known already and cannot be replaced; a rule can change what is asked`,
            ];
      });
    case "api":
      return own.api.hosts
        .filter((host) => !take(taken.hosts, host))
        .map((host) => `${file}: the host "${host}" is known already; a rule can change what is asked`);
    case "pack":
      return own.rules
        .filter((rule) => !take(taken.ids, rule.id))
        .map((rule) => `${rule.origin}: the rule "${rule.id}" stands already; change it in the config`);
    case "config":
    case "cases":
      return [`${place}: ${file} is no pack, tool file or API file`];
  }
}

/** Each gets a shim, which is a file of that name; the guard's own are not for taking. */
function isProgramName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+@-]*$/.test(name) && !name.startsWith("holdpoint");
}

function take(taken: Set<string>, word: string): boolean {
  const size = taken.size;
  return taken.add(word).size > size;
}
