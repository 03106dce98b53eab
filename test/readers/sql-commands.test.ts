import { expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import { builtin, table } from "../example-judge.js";
import { show } from "./effect-words.js";
import { commands } from "./sql-commands.js";
import { sqlWorld } from "./sql-world.js";

const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The five ways for a statement into psql; a sixth door, a variable, has its own tests. */
const ways: Readonly<Record<string, (sql: string) => string>> = {
  "-c": (sql) => `psql -X -d app -c ${quote(sql)}`,
  "-f FILE": () => "psql -X -f act.sql app",
  "a pipe": () => "cat act.sql | psql -X app",
  "a here-document": (sql) => `psql -X app <<'SQL'\n${sql};\nSQL`,
  "\\i": () => "psql -X app -c '\\i act.sql'",
};

test.each(
  commands.flatMap((command) => Object.entries(ways).map(([way, line]) => ({ ...command, way, line }))),
)("$name by $way", async ({ sql, verdict, does, line }) => {
  const judgement = await judge(
    {
      door: "line",
      text: line(sql),
      shell: "bash",
      args: [],
      cwd: "/proj",
      env: envFrom([
        ["HOME", "/home/dev"],
        ["PATH", "/usr/bin:/bin"],
      ]),
      stdin: { kind: "terminal" },
    },
    sqlWorld({ "/proj/act.sql": `${sql};\n` }),
  );
  const effects = judgement.effects.map(show);
  expect({ verdict: judgement.verdict, effects }).toEqual({ verdict, effects: does });
});
