import { fileURLToPath } from "node:url";
import { readRules } from "../../src/build/compile.js";
import { exampleWorld, home, workspace } from "../../src/examples/world.js";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Judgement } from "../../src/model/judgement.js";
import type { Label } from "../../src/model/rule.js";
import type { World } from "../../src/model/world.js";
import { createTable } from "../../src/readers/table.js";
import { loadSql, parseSql } from "../../src/world/sql.js";

const read = readRules(fileURLToPath(new URL("../../rules", import.meta.url)));
if (!read.ok) throw new Error(read.problems.join("\n"));
const { builtin } = read;
const table = createTable(builtin);
await loadSql();

/** The world of the rules' examples, with files by their absolute paths. */
export interface Place {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly labels?: readonly Label[];
}

export function judgeLine(
  text: string,
  { files = {}, env = {}, cwd = workspace, labels = [] }: Place = {},
): Promise<Judgement> {
  const variables = envFrom(Object.entries({ HOME: home, PATH: "/session/bin:/usr/bin:/bin", ...env }));
  return createJudge({ rules: builtin.rules, labels, manifests: [] }, table)(
    { door: "line", text, shell: "bash", args: [], cwd, env: variables, stdin: { kind: "terminal" } },
    worldOf(files),
  );
}

/** Lines with their verdicts. */
export function verdictsOf(
  lines: readonly string[],
  place?: Place,
): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(lines.map(async (line) => [line, (await judgeLine(line, place)).verdict] as const));
}

const plain = exampleWorld((name) => table.has(name), parseSql);

function worldOf(files: Readonly<Record<string, string>>): World {
  return {
    ...plain,
    readFile: (path, cap) => {
      const text = files[path];
      return text === undefined
        ? plain.readFile(path, cap)
        : { ok: true, bytes: Buffer.from(text), complete: true };
    },
  };
}
