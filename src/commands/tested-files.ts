import { resolve } from "node:path";
import { assertNever } from "../model/assert-never.js";
import type { Rule } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import { type OwnFile, parseOwnFile } from "../policy/own-file.js";
import { gather, includedPath } from "./include.js";
import { type Loaded, withTools } from "./knowledge.js";
import { type Laid, layParsed } from "./layers.js";
import { readOwnText } from "./own-text.js";
import { UsageError } from "./usage-error.js";

interface Named {
  readonly path: string;
  readonly own: OwnFile;
}

/** The files that were named. Throws UsageError where one of them cannot be used. */
export function readFiles(paths: readonly string[]): readonly Named[] {
  const problems: string[] = [];
  const files = paths.flatMap((path) => {
    const source = readOwnText(path);
    const parsed = source.ok
      ? parseOwnFile(source.text, path)
      : ({ ok: false, problems: [`${path}: ${source.reason}`] } as const);
    if (parsed.ok) return [{ path, own: parsed.own }];
    problems.push(...parsed.problems);
    return [];
  });
  const configs = files.filter(({ own }) => own.kind === "config");
  if (configs.length > 1)
    problems.push(`${configs[1]?.path}: is a second config; one can be tested at a time`);
  if (problems.length > 0) throw new UsageError(problems);
  return files;
}

/** Lines of one file, and the rules that they are about. */
interface Lines {
  readonly path: string;
  readonly cases: readonly Case[];
  readonly rules: readonly Rule[];
}

/**
 * What a file says of its tool must hold whoever uses it: its cases are judged without a config's own rules. The config's
 * examples, and lists of cases, are judged with all.
 */
export function layFiles(
  files: readonly Named[],
  builtin: Loaded,
): { readonly table: Loaded["table"]; readonly lines: readonly Lines[] } {
  const config = files.flatMap(({ path, own }) =>
    own.kind === "config" ? [{ path, parsed: own.config }] : [],
  )[0];
  const brought = new Set(config?.parsed.include.map(({ name }) => includedPath(config.path, name)));
  const free = files.filter(({ path }) => !brought.has(resolve(path)));
  const base = overlay(
    free.map(({ own }) => own),
    builtin,
  );
  const laid = config === undefined ? undefined : layParsed(config.parsed, config.path, base);
  const { table, policy } = laid?.loaded ?? base;
  const below = laid?.rulesBelow ?? policy.rules;
  const lines = free.flatMap(({ path, own }): readonly Lines[] => {
    switch (own.kind) {
      case "pack":
      case "tool":
      case "api":
        return [{ path, cases: own.cases, rules: below }];
      case "cases":
        return [{ path, cases: own.cases, rules: policy.rules }];
      case "config":
        return laid === undefined ? [] : ofConfig(path, laid);
      default:
        return assertNever(own);
    }
  });
  return { table, lines };
}

function ofConfig(path: string, { own, cases, loaded, rulesBelow }: Laid): readonly Lines[] {
  const from = (file: string) => (one: Case) => one.place.startsWith(`${file}:`);
  const files = [...new Set(cases.map((one) => one.place.replace(/:\d+:\d+$/, "")))];
  return [
    { path, cases: own, rules: loaded.policy.rules },
    ...files.map((file) => ({ path: file, cases: cases.filter(from(file)), rules: rulesBelow })),
  ];
}

/** Unlike what a config includes, these may stand in the place of what is built in: nothing is guarded by them. */
function overlay(files: readonly OwnFile[], builtin: Loaded): Loaded {
  const { rules, tools, apis } = gather(files);
  const ids = new Set(rules.map((rule) => rule.id));
  const policy = {
    ...builtin.policy,
    rules: [...builtin.policy.rules.filter((rule) => !ids.has(rule.id)), ...rules],
  };
  if (tools.length + apis.length === 0) return { ...builtin, policy };
  const names = new Set(tools.flatMap((tool) => tool.names));
  const hosts = new Set(apis.flatMap((api) => api.hosts));
  const known = {
    tools: [...builtin.tools.filter((tool) => !tool.names.some((name) => names.has(name))), ...tools],
    apis: () => [...builtin.apis().filter((api) => !api.hosts.some((host) => hosts.has(host))), ...apis],
  };
  return { ...withTools(builtin, known), policy };
}
