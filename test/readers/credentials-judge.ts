import { fileURLToPath } from "node:url";
import { readRules } from "../../src/build/compile.js";
import type { Credential } from "../../src/model/effect.js";
import { envFrom } from "../../src/model/env.js";
import type { World } from "../../src/model/world.js";
import { readCalls, readLine } from "../../src/readers/read.js";
import { createTable } from "../../src/readers/table.js";
import { fakeWorld } from "../fake-world.js";

const read = readRules(fileURLToPath(new URL("../../rules", import.meta.url)));
if (!read.ok) throw new Error(read.problems.join("\n"));
const table = createTable(read.builtin);

export interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Files with harmless names that were found to hold credentials. */
  readonly kept?: readonly string[];
}

/** The credentials of a line's effects, each once: `NAME FROM = VALUE`, `…` where the value is not foreseen. */
export function credentialsOf(line: string, setting: Setting): readonly string[] {
  const { effects } = readLine(
    {
      text: line,
      shell: "bash",
      args: [],
      cwd: "/w",
      env: envOf(setting),
      stdin: { kind: "none" },
      via: [],
    },
    table,
    worldOf(setting),
  );
  return shown(effects.flatMap(({ credentials }) => credentials));
}

/** The same of a program's own argv, as a shim gets it. */
export function callCredentials(argv: readonly string[], setting: Setting): readonly string[] {
  const call = {
    tool: argv[0] ?? "",
    argv,
    cwd: "/w",
    env: envOf(setting),
    stdin: { kind: "none" },
    redirects: [],
    via: [],
    sight: "now",
    certain: true,
    span: undefined,
  } as const;
  const { effects } = readCalls([call], table, worldOf(setting));
  return shown(effects.flatMap(({ credentials }) => credentials));
}

/** The files that a line is said to send away as secrets. */
export function sentSecrets(line: string, setting: Setting): readonly string[] {
  const { effects } = readLine(
    { text: line, shell: "bash", args: [], cwd: "/w", env: envOf(setting), stdin: { kind: "none" }, via: [] },
    table,
    worldOf(setting),
  );
  return effects.flatMap((effect) =>
    effect.resource === "http" && effect.operation === "send secret" ? [effect.target] : [],
  );
}

function envOf({ env = {} }: Setting) {
  return envFrom(Object.entries({ HOME: "/home/me", PATH: "/shims:/usr/bin:/bin", ...env }));
}

function worldOf({ files = {}, kept = [] }: Setting): World {
  return {
    ...fakeWorld({
      files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { text }])),
    }),
    fingerprint: (value) => `<${value}>`,
    provenance: {
      placesOf: () => [],
      keptIn: (file) => (kept.includes(file) ? [{ file, line: 1, kind: "generic", modified: 0 }] : []),
    },
  };
}

function shown(credentials: readonly Credential[]): readonly string[] {
  return [
    ...new Set(
      credentials.map(
        ({ name, from, fingerprint, isPair }) =>
          `${isPair === true ? "+ " : ""}${name} ${from} = ${fingerprint === "" ? "…" : fingerprint.slice(1, -1)}`,
      ),
    ),
  ];
}
