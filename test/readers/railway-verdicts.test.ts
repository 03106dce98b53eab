import { describe, expect, test } from "vitest";
import { workspace } from "../../src/examples/world.js";
import type { ToolCommand } from "../../src/model/knowledge.js";
import { railwayTree } from "./knowledge-files.js";
import { cliClasses, type Danger, mutationClasses } from "./railway-classes.js";
import { judgeLine, verdictsOf } from "./railway-judge.js";

// Every subcommand and every mutation down to its verdict, in each of the ways that they are given.
const expected = (danger: Danger) => (danger === "destructive" ? "ask" : "allow");

describe("mutations", () => {
  const url = "https://backboard.railway.com/graphql/v2";
  const old = "https://backboard.railway.app/graphql/v2";
  const auth = '-H "Authorization: Bearer $RAILWAY_API_TOKEN" -H "Content-Type: application/json"';
  const documentOf = (field: string) => `mutation M { ${field} }`;
  const bodyOf = (field: string) => JSON.stringify({ query: documentOf(field) });
  const filesOf = (field: string) => ({
    [`${workspace}/b.json`]: bodyOf(field),
    [`${workspace}/m.graphql`]: documentOf(field),
  });
  const linesOf = (field: string): readonly string[] => {
    const document = documentOf(field);
    const json = bodyOf(field);
    const letter = `\\u00${field.charCodeAt(0).toString(16)}`;
    return [
      `curl -X POST ${url} ${auth} -d '${json}'`,
      `curl -sS ${old} --data-raw '${json}' | jq .`,
      `curl ${url} --json @b.json`,
      `curl ${url} -d @b.json`,
      `curl ${url} --data-binary @b.json`,
      `curl -T b.json -X POST ${url}`,
      `curl -X POST ${url} -F 'query=${document}'`,
      `curl -X POST ${url} -F 'operations=<b.json'`,
      `echo '${json}' | curl ${url} -d @-`,
      `curl ${url} -d @- <<'EOF'\n${json}\nEOF`,
      `curl ${url} -H 'Content-Type: application/graphql' --data '${document}'`,
      `curl -G ${url} --data-urlencode 'query=${document}'`,
      `curl ${url} -d '[${json}]'`,
      `curl ${url} -d '{"query":"\\u006dutation { ${letter}${field.slice(1)} }"}'`,
      `wget -qO- --post-data='${json}' ${url}`,
      `wget -qO- --post-file=b.json ${url}`,
      `railway api '${document}'`,
      `railway api --compact --operation-name M 'query Q { me { id } } ${document}'`,
      `railway api 'mutation M { ...F } fragment F on Mutation { x: ${field} }'`,
      "railway api -f m.graphql",
      "railway api --file=m.graphql --allow-errors",
      "railway api < m.graphql",
      "cat m.graphql | railway api",
      `railway api --file - <<'EOF'\n# what it does\n${document}\nEOF`,
    ];
  };

  test.each(mutationClasses)("%s is %s", async (field, danger) => {
    const lines = linesOf(field);
    expect(await verdictsOf(lines, { files: filesOf(field) })).toEqual(
      lines.map((line) => [line, expected(danger)]),
    );
  });

  test("all of them", () => {
    expect(new Set(mutationClasses.map(([field]) => field)).size).toBe(230);
  });
});

/** What is given to a subcommand that would do nothing without. */
const operands: Readonly<Record<string, string>> = {
  run: "npm test",
  "api search": "volume",
  "api describe": "volumeDelete",
};
/** Judged by what they are given. */
const byContent: ReadonlySet<string> = new Set(["run", "local", "shell", "api"]);

describe("subcommands", () => {
  test.each(cliClasses)("railway %s is %s", async (line, danger) => {
    const path = line.split(" ").filter((word) => !word.startsWith("--"));
    const after = [
      ...line.split(" ").filter((word) => word.startsWith("--")),
      operands[path.join(" ")] ?? "",
    ];
    const between = path.flatMap((_, at) =>
      ["-e production", "--json", "--environment=production", "-p shop --verbose"].map((option) => [
        ...path.slice(0, at + 1),
        option,
        ...path.slice(at + 1),
        ...after,
      ]),
    );
    const all = [
      [...path, ...after],
      ["-e production", ...path, ...after],
      ["--json", ...path, ...after],
      [...path, "-y", ...after],
      ...between,
    ];
    const lines = all.map((words) => `railway ${words.filter((word) => word !== "").join(" ")}`);
    const verdict = byContent.has(path.join(" ")) ? "allow" : expected(danger);
    expect(await verdictsOf(lines)).toEqual(lines.map((text) => [text, verdict]));
  });

  /** A subcommand's name and aliases, below each of its parents'. */
  type Spellings = readonly [name: string, lines: readonly string[]];
  const spellings = (command: ToolCommand, before: readonly string[], path: string): readonly Spellings[] =>
    command.commands.flatMap((child): readonly Spellings[] => {
      const name = `${path} ${child.name}`.trim();
      const own = before.flatMap((start) => [child.name, ...child.aliases].map((word) => `${start} ${word}`));
      return [[name, own], ...spellings(child, own, name)];
    });
  const classes = new Map(cliClasses);
  const classified = spellings(railwayTree.root, ["railway"], "").flatMap(([name, lines]) => {
    const danger = classes.get(name);
    return danger === undefined || byContent.has(name) ? [] : [{ name, lines, danger }];
  });

  test.each(classified)("every spelling of $name", async ({ name, lines, danger }) => {
    const texts = lines.map((line) => `${line} ${operands[name] ?? ""}`.trim());
    expect(await verdictsOf(texts)).toEqual(texts.map((text) => [text, expected(danger)]));
  });

  test.each(classified)("help for $name", async ({ name, lines }) => {
    const [first = "", ...words] = name.split(" ");
    const passes = ["run", "local", "shell", "connect", "code"].includes(first);
    const below = words.length === 0 || passes ? [] : [`railway ${first} help ${words.join(" ")}`];
    const texts = [
      ...lines.flatMap((line) => [`${line} --help`, `${line} -h`]),
      `railway help ${name}`,
      ...below,
    ];
    expect(await verdictsOf(texts)).toEqual(texts.map((text) => [text, "allow"]));
  });
});

test("what a mutation is called elsewhere means nothing", async () => {
  const lines = [
    "echo 'mutation { volumeDelete(volumeId: 1) }'",
    "grep -rn volumeDelete src",
    "git commit -m 'never run railway volume delete'",
    "railway api describe volumeDelete",
    "railway api search delete --kind mutation",
    "railway docs | grep 'volume delete'",
  ];
  expect(await verdictsOf(lines)).toEqual(lines.map((line) => [line, "allow"]));
  expect((await judgeLine("railway api describe volumeDelete")).effects.map(({ action }) => action)).toEqual([
    "read",
  ]);
});
